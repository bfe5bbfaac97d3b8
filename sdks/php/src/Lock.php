<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\LostException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Granted;
use OctoStore\Internal\Keeping\Keeper;
use OctoStore\Internal\Keeping\Renewable;
use OctoStore\Internal\LockApi;

/**
 * A lock that is held and renewed until it is released or lost. It belongs to the process that got it; a copy in a fork of that
 * process neither renews nor releases.
 */
final class Lock
{
    public readonly string $name;

    public readonly string $leaseId;

    /** Send it along with every write to what the lock protects, which must refuse a lower one than it has seen. */
    public readonly int $fencingToken;

    private readonly Keeper $keeper;
    private bool $isReleased = false;

    /** @internal made by `Client::hold()` */
    public function __construct(
        private readonly LockApi $api,
        Granted $granted,
        int $ttlSeconds,
        int $timeoutMs,
        Renewal $renewal,
        ?Keeper $session,
    ) {
        $lease = $granted->lease;
        [$this->name, $this->leaseId, $this->fencingToken] = [$lease->name, $lease->leaseId, $lease->fencingToken];
        // Without `$this`, lest the handle keep itself from being destroyed.
        $renew = static fn (float $untilMs, ?StopToken $stop): float =>
            $api->renewOnce($lease->name, $lease->leaseId, $ttlSeconds, $untilMs, $stop);
        $thing = new Renewable("The lock $lease->name", $ttlSeconds, $granted->sentAtMs, $timeoutMs, $renew, $session);
        $this->keeper = new Keeper($thing, $renewal);
    }

    /** Releases the lock that nobody has any more. */
    public function __destruct()
    {
        $this->close();
    }

    /** Whether the lock is lost, before anybody else can get it. It asks the clock and not the server. */
    public function isLost(): bool
    {
        return $this->keeper->isLost();
    }

    /** @throws LostException if the lock is lost */
    public function throwIfLost(): void
    {
        $this->keeper->throwIfLost();
    }

    /** Milliseconds for which the lock is held for certain; 0 once it is lost or released. */
    public function remainingMs(): int
    {
        return $this->keeper->remainingMs();
    }

    /**
     * Renews the lock, and its session, if that is due and is not done in the background (see `Renewal`).
     *
     * @throws LostException if the lock is lost
     */
    public function keepAlive(): void
    {
        $this->keeper->keepAlive();
        $this->keeper->throwIfLost();
    }

    /**
     * Has a function called as soon as the lock is lost, at most once. In the background it comes in the middle of whatever the program
     * does: `sleep`, `stream_select` and the like are interrupted by a signal (`SIGURG`, with `pcntl_async_signals` turned on). What the
     * function throws, the interrupted code throws. With `Renewal::Cooperative` it comes when the lock is next looked at.
     *
     * @param callable(LostException): void $listener
     */
    public function onLost(callable $listener): void
    {
        $this->keeper->onLost($listener(...));
    }

    /**
     * Releases the lock. That it had been lost is no error.
     *
     * @throws OctoStoreException if the server cannot be told
     */
    public function release(): void
    {
        if ($this->isReleased || !$this->keeper->isOwn()) {
            return;
        }
        $isGone = $this->keeper->isGone();
        $this->keeper->stop();
        $this->isReleased = true;
        if ($isGone) {
            return;
        }
        try {
            $this->api->release($this->name, $this->leaseId);
        } catch (NotFoundException) {
            // It was lost.
        }
    }

    /** Releases the lock and never fails: a lock that cannot be released comes free when its lease ends. */
    public function close(): void
    {
        try {
            $this->release();
        } catch (OctoStoreException) {
            // It comes free by itself.
        }
    }
}
