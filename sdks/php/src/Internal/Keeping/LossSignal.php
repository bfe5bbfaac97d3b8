<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

/**
 * Interrupts a program whose lock or session is lost, where it asked for that.
 *
 * The signal is `SIGURG`: a process that does not listen ignores it, so that one that comes late does no harm, and hardly any
 * program uses it for anything else.
 *
 * @internal
 */
final class LossSignal
{
    /** @var array<int, Keeper> */
    private static array $listening = [];

    /** From the renewer of something that is lost. */
    public static function send(int $pid): void
    {
        posix_kill($pid, SIGURG);
    }

    public static function listen(Keeper $keeper): void
    {
        self::$listening[spl_object_id($keeper)] = $keeper;
        $other = pcntl_signal_get_handler(SIGURG);
        if ($other instanceof \Closure && (new \ReflectionFunction($other))->getClosureScopeClass()?->name === self::class) {
            return;
        }
        pcntl_async_signals(true);
        // Calls that wait in the system are interrupted, not restarted.
        pcntl_signal(SIGURG, static function (int $signal, mixed $info) use ($other): void {
            foreach (self::$listening as $keeper) {
                $keeper->isLost();
            }
            if (is_callable($other)) {
                $other($signal, $info);
            }
        }, false);
    }

    public static function forget(Keeper $keeper): void
    {
        unset(self::$listening[spl_object_id($keeper)]);
    }
}
