<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Lock;
use OctoStore\Renewal;
use OctoStore\Rules;
use OctoStore\Session;

/**
 * The open handles of clients with `releaseOnExit`. They are closed when the program ends, also after a fatal error, and at `SIGINT` and
 * `SIGTERM` where signals can be handled. Earlier handlers of these signals run afterwards. Without one, the signal ends the program.
 *
 * @internal
 */
final class OpenHandles
{
    /** @var array<int, \WeakReference<Lock|Session>> */
    private static array $open = [];

    private static bool $isListening = false;

    public static function add(Lock|Session $handle): void
    {
        self::listen();
        self::$open[spl_object_id($handle)] = \WeakReference::create($handle);
    }

    public static function remove(Lock|Session $handle): void
    {
        unset(self::$open[spl_object_id($handle)]);
    }

    /**
     * Closes the latest first: locks before their sessions. Each gets an equal share of the time that is left. If listeners of losses
     * throw, throws the first exception at the end.
     */
    private static function closeAll(): void
    {
        $thrown = null;
        $untilMs = Clock::nowMs() + Rules::CLOSE_MS_MAX_WHEN_LOST;
        for ($left = count(self::$open); $left > 0; $left--) {
            $handle = array_pop(self::$open)?->get();
            $nowMs = Clock::nowMs();
            try {
                $handle?->closeBy($nowMs + max(0.0, $untilMs - $nowMs) / $left);
            } catch (\Throwable $error) {
                $thrown ??= $error;
            }
        }
        if ($thrown !== null) {
            throw $thrown;
        }
    }

    private static function listen(): void
    {
        if (self::$isListening) {
            return;
        }
        self::$isListening = true;
        register_shutdown_function(self::closeAll(...));
        if (Renewal::isBackgroundPossible()) {
            pcntl_async_signals(true);
            array_map(self::handle(...), [SIGINT, SIGTERM]);
        }
    }

    private static function handle(int $signal): void
    {
        $other = pcntl_signal_get_handler($signal);
        if ($other === SIG_IGN) {
            return;
        }
        $handler = static function (int $signal, mixed $info) use ($other): void {
            try {
                self::closeAll();
            } finally {
                if (is_callable($other)) {
                    $other($signal, $info);
                } else {
                    pcntl_signal($signal, SIG_DFL);
                    posix_kill(getmypid(), $signal);
                }
            }
        };
        // Interrupts blocking system calls instead of restarting them.
        pcntl_signal($signal, $handler, false);
    }
}
