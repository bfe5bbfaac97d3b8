<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\StoppedException;

/** Stops a call that waits: `hold`, `elect` or a watch. */
final class StopToken
{
    private bool $isStopped = false;

    /** @var (\Closure(): bool)|null */
    private ?\Closure $condition = null;

    /**
     * A token that stops as soon as a condition is true. The condition is checked many times a second, so it must be cheap.
     *
     * @param callable(): bool $condition
     */
    public static function when(callable $condition): self
    {
        $token = new self();
        $token->condition = $condition(...);

        return $token;
    }

    /**
     * A token that any of these signals stops, such as `SIGTERM` and `SIGINT`. It replaces their current handlers and turns on
     * `pcntl_async_signals`. Needs ext-pcntl.
     */
    public static function onSignals(int ...$signals): self
    {
        $token = new self();
        pcntl_async_signals(true);
        foreach ($signals as $signal) {
            // Interrupts blocking system calls instead of restarting them.
            pcntl_signal($signal, static fn () => $token->stop(), false);
        }

        return $token;
    }

    public function stop(): void
    {
        $this->isStopped = true;
        $this->condition = null;
    }

    public function isStopped(): bool
    {
        if ($this->condition !== null && ($this->condition)()) {
            $this->stop();
        }

        return $this->isStopped;
    }

    /** @throws StoppedException if it is stopped */
    public function throwIfStopped(): void
    {
        if ($this->isStopped()) {
            throw new StoppedException('The caller has stopped it.');
        }
    }
}
