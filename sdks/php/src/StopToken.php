<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\StoppedException;

/** Tells a call that waits - `hold`, `elect`, a watch - that its caller no longer wants it. */
final class StopToken
{
    private bool $isStopped = false;

    /** @var (\Closure(): bool)|null */
    private ?\Closure $condition = null;

    /**
     * A token that stops as soon as a condition is found to hold. It is looked at many times a second, so it must be cheap.
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
     * A token that one of these signals stops, such as `SIGTERM` and `SIGINT`. It takes them over from their present handlers, and
     * turns on `pcntl_async_signals`. Needs ext-pcntl.
     */
    public static function onSignals(int ...$signals): self
    {
        $token = new self();
        pcntl_async_signals(true);
        foreach ($signals as $signal) {
            // Calls that wait in the system are interrupted, not restarted.
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
