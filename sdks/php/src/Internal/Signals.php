<?php

declare(strict_types=1);

namespace OctoStore\Internal;

/** @internal */
final class Signals
{
    /**
     * Does something that an exception from a signal handler must not interrupt: handlers of signals that arrive meanwhile run
     * afterwards.
     *
     * @template T
     * @param \Closure(): T $work
     * @return T
     */
    public static function holdOff(\Closure $work): mixed
    {
        if (!function_exists('pcntl_async_signals') || !pcntl_async_signals()) {
            return $work();
        }
        pcntl_async_signals(false);
        try {
            return $work();
        } finally {
            pcntl_async_signals(true);
            pcntl_signal_dispatch();
        }
    }
}
