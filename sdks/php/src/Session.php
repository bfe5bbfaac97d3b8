<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\LostException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Keeping\Keeper;
use OctoStore\Internal\Keeping\LossSignal;
use OctoStore\Internal\Keeping\Renewable;
use OctoStore\Internal\SessionApi;

/**
 * A session that is kept alive until it is ended or lost. The locks that are held in it end with it. It belongs to the process that
 * opened it; a copy in a fork of that process neither keeps it alive nor ends it.
 */
final class Session
{
    /** @internal what keeps it alive; for the locks that are held in it */
    public readonly Keeper $keeper;

    private bool $isEnded = false;

    /** @internal made by `Client::openSession()` */
    public function __construct(
        private readonly SessionApi $api,
        public readonly string $sessionId,
        int $ttlSeconds,
        float $sentAtMs,
        int $timeoutMs,
        Renewal $renewal,
    ) {
        // Without `$this`, lest the handle keep itself from being destroyed.
        $renew = static fn (float $untilMs, ?StopToken $stop): float =>
            $api->keepaliveOnce($sessionId, $untilMs, $stop);
        $this->keeper = new Keeper(
            new Renewable("The session $sessionId", $ttlSeconds, $sentAtMs, $timeoutMs, $renew),
            $renewal,
        );
    }

    /** Ends the session that nobody has any more. */
    public function __destruct()
    {
        $this->close();
    }

    /** Whether the session is lost, before any of its locks can be had by somebody else. It asks the clock and not the server. */
    public function isLost(): bool
    {
        return $this->keeper->isLost();
    }

    /** @throws LostException if the session is lost */
    public function throwIfLost(): void
    {
        $this->keeper->throwIfLost();
    }

    /** Milliseconds for which the session lives for certain; 0 once it is lost or ended. */
    public function remainingMs(): int
    {
        return $this->keeper->remainingMs();
    }

    /**
     * Keeps the session alive if that is due and is not done in the background (see `Renewal`).
     *
     * @throws LostException if the session is lost
     */
    public function keepAlive(): void
    {
        $this->keeper->keepAlive();
        $this->keeper->throwIfLost();
    }

    /**
     * Has a function called as soon as the session is lost, as `Lock::onLost()` does.
     *
     * @param callable(LostException): void $listener
     */
    public function onLost(callable $listener): void
    {
        $this->keeper->onLost($listener(...));
    }

    /**
     * Ends the session and frees its locks, which count as lost. That it had been lost is no error.
     *
     * @throws OctoStoreException if the server cannot be told
     */
    public function end(): void
    {
        try {
            $this->endOnServer();
        } finally {
            LossSignal::lookAround();
        }
    }

    /** Ends the session and never fails: one that cannot be ended ends when its time is over. */
    public function close(): void
    {
        try {
            $this->endOnServer();
        } catch (OctoStoreException) {
            // It ends by itself.
        }
        LossSignal::lookAround();
    }

    private function endOnServer(): void
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
            $this->api->end($this->sessionId);
        } catch (NotFoundException) {
            // It was lost.
        }
    }
}
