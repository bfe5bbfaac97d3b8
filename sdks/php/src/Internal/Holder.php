<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Keeping\Lifetime;
use OctoStore\Internal\Leases\LeaseApi;
use OctoStore\Lock;
use OctoStore\Renewal;
use OctoStore\Rules;
use OctoStore\Session;
use OctoStore\Value\HandleEventType;

/**
 * Acquires locks, opens sessions, and keeps renewing them.
 *
 * @internal
 */
final readonly class Holder
{
    public function __construct(
        private LeaseApi $leases,
        private SessionApi $sessions,
        private int $timeoutMs,
        private Renewal $renewal,
        private bool $releaseOnExit,
        private ?\Closure $observer,
    ) {
    }

    public function hold(Wish $wish, ?Session $session): Lock
    {
        $granted = $this->leases->acquire($wish);
        try {
            $lock = new Lock(
                $this->leases,
                $wish->renewal(),
                $this->freshened($granted, $wish),
                $this->timeoutMs,
                $this->renewal,
                $session?->keeper,
                $this->observer,
            );
        } catch (\Throwable $error) {
            $this->leases->releaseInBackground($wish->routes, $wish->leaseId);
            throw $error;
        }
        $this->note($lock);

        return $lock;
    }

    public function openSession(int $ttlSeconds): Session
    {
        $created = $this->sessions->create($ttlSeconds);
        $id = $created->value->sessionId;
        try {
            $session = new Session(
                $this->sessions,
                $id,
                $ttlSeconds,
                $created->sentAtMs,
                $this->timeoutMs,
                $this->renewal,
                $this->observer,
            );
        } catch (\Throwable $error) {
            try {
                $this->sessions->end($id);
            } catch (OctoStoreException) {
                // It expires on its own.
            }
            throw $error;
        }
        $this->note($session);

        return $session;
    }

    private function note(Lock|Session $handle): void
    {
        if ($this->releaseOnExit) {
            OpenHandles::add($handle);
        }
        $handle->keeper->observe(HandleEventType::Acquired);
    }

    /**
     * The lease began some time after its request was sent. If that was long ago, this renews it and counts from the renewal.
     */
    private function freshened(Granted $granted, Wish $wish): Granted
    {
        if (Clock::nowMs() - $granted->sentAtMs < 1000 * $wish->ttlSeconds / Rules::RENEWALS_PER_TTL) {
            return $granted;
        }

        $timeoutMs = (new Lifetime(1000 * $wish->ttlSeconds))->renewalTimeoutMs($this->timeoutMs);

        return $this->leases->renew($wish->renewal(), $timeoutMs);
    }
}
