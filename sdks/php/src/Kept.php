<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\LostException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Keeping\Keeper;

/** What `Lock` and `Session` have in common: they are renewed until you close or lose them. */
trait Kept
{
    /** @internal keeps it alive */
    public readonly Keeper $keeper;

    private bool $isEnded = false;

    /** Ends it when no one has a reference any more. */
    public function __destruct()
    {
        $this->close();
    }

    /** Whether it is lost. True before anyone else can get it, or a lock held in it. Checks the clock, not the server. */
    public function isLost(): bool
    {
        return $this->keeper->isLost();
    }

    /** @throws LostException if it is lost */
    public function throwIfLost(): void
    {
        $this->keeper->throwIfLost();
    }

    /** Milliseconds for which it is certain to be yours. 0 once it is lost or ended. */
    public function remainingMs(): int
    {
        return $this->keeper->remainingMs();
    }

    /**
     * Renews it if that is due and is not done in the background (see `Renewal`). A lock also renews its session.
     *
     * @throws LostException if it is lost
     */
    public function keepAlive(): void
    {
        $this->keeper->keepAlive();
        $this->keeper->throwIfLost();
    }

    /**
     * Calls a function as soon as it is lost, at most once. With background renewal, this interrupts whatever the program is doing: a
     * signal (`SIGURG`, with `pcntl_async_signals` turned on) interrupts `sleep`, `stream_select` and similar calls. An exception from
     * the function is thrown in the interrupted code. With `Renewal::Cooperative`, it is called when you next use the handle.
     *
     * @param callable(LostException): void $listener
     */
    public function onLost(callable $listener): void
    {
        $this->keeper->onLost($listener(...));
    }

    /** Ends it. Never fails: if it cannot be ended, it expires on its own. */
    abstract public function close(): void;

    /**
     * @param \Closure(): void $end tells the server, unless it already knows; throws `NotFoundException` if it was already lost
     * @throws OctoStoreException if the server cannot be reached
     */
    private function endOnce(\Closure $end): void
    {
        if ($this->isEnded || !$this->keeper->isOwn()) {
            return;
        }
        $isGone = $this->keeper->isGone();
        $this->keeper->stop();
        $this->isEnded = true;
        if ($isGone) {
            return;
        }
        try {
            $end();
        } catch (NotFoundException) {
            // It was already lost.
        }
    }
}
