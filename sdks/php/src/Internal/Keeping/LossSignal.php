<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

/**
 * Interrupts a program whose lock or session is lost, or whose lock someone asks for, if it asked for that.
 *
 * The signal is `SIGURG`. A process without a handler ignores it, so a late one does no harm. Hardly any program uses it for anything
 * else.
 *
 * @internal
 */
final class LossSignal
{
    /** @var array<int, \WeakReference<Keeper>> */
    private static array $listening = [];

    private static ?\Closure $handler = null;

    /** Called by the renewer of something that is lost, or that someone asks for. */
    public static function send(int $pid): void
    {
        posix_kill($pid, SIGURG);
    }

    /** @param bool $bySignal whether there is a renewer that sends the signal */
    public static function listen(Keeper $keeper, bool $bySignal): void
    {
        self::$listening[spl_object_id($keeper)] = \WeakReference::create($keeper);
        if ($bySignal) {
            self::installHandler();
        }
    }

    public static function forget(Keeper $keeper): void
    {
        unset(self::$listening[spl_object_id($keeper)]);
    }

    /** Makes every registered keeper check whether it is lost. If listeners throw, throws the first exception. */
    public static function lookAround(): void
    {
        $thrown = null;
        foreach (self::$listening as $keeper) {
            try {
                $keeper->get()?->isLost();
            } catch (\Throwable $error) {
                $thrown ??= $error;
            }
        }
        if ($thrown !== null) {
            throw $thrown;
        }
    }

    private static function installHandler(): void
    {
        pcntl_async_signals(true);
        $other = pcntl_signal_get_handler(SIGURG);
        if ($other === self::$handler) {
            return;
        }
        self::$handler = static function (int $signal, mixed $info) use ($other): void {
            self::lookAround();
            if (is_callable($other)) {
                $other($signal, $info);
            }
        };
        // Interrupts blocking system calls instead of restarting them.
        pcntl_signal(SIGURG, self::$handler, false);
    }
}
