<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\LostException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Keeping\Keeper;

/** What `Lock` and `Session` have in common: they are kept alive until they are ended or lost. */
trait Kept
{
    /** @internal what keeps it alive */
    public readonly Keeper $keeper;

    private bool $isEnded = false;

    /** Ends what nobody has any more. */
    public function __destruct()
    {
        $this->close();
    }

    /** Whether it is lost, before anybody else can have it or a lock in it. It asks the clock and not the server. */
    public function isLost(): bool
    {
        return $this->keeper->isLost();
    }

    /** @throws LostException if it is lost */
    public function throwIfLost(): void
    {
        $this->keeper->throwIfLost();
    }

    /** Milliseconds for which it is yours for certain; 0 once it is lost or ended. */
    public function remainingMs(): int
    {
        return $this->keeper->remainingMs();
    }

    /**
     * Renews it, a lock along with its session, if that is due and is not done in the background (see `Renewal`).
     *
     * @throws LostException if it is lost
     */
    public function keepAlive(): void
    {
        $this->keeper->keepAlive();
        $this->keeper->throwIfLost();
    }

    /**
     * Has a function called as soon as it is lost, at most once. In the background it comes in the middle of whatever the program
     * does: `sleep`, `stream_select` and the like are interrupted by a signal (`SIGURG`, with `pcntl_async_signals` turned on). What the
     * function throws, the interrupted code throws. With `Renewal::Cooperative` it comes when the handle is next looked at.
     *
     * @param callable(LostException): void $listener
     */
    public function onLost(callable $listener): void
    {
        $this->keeper->onLost($listener(...));
    }

    /** Ends it and never fails: what cannot be ended ends when its time is over. */
    abstract public function close(): void;

    /**
     * @param \Closure(): void $end tells the server, unless it knows; throws `NotFoundException` if it had been lost
     * @throws OctoStoreException if the server cannot be told
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
            // It was lost.
        }
    }
}
