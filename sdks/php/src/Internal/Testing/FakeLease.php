<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

use OctoStore\Value\LeaseLock;
use OctoStore\Value\LockMode;
use OctoStore\Value\WantedLock;

/**
 * A lease of the server.
 *
 * @internal
 */
final class FakeLease
{
    /** @var ?array<string, mixed> the latest request to release it, as the server shows it */
    public ?array $releaseRequested = null;

    private int $ttlSeconds;

    private float $renewedAtMs;

    /** @param array<string, LeaseLock> $locks by name */
    public function __construct(
        public readonly Ticket $ticket,
        public array $locks,
        public int $fencingToken,
        private readonly float $grantedAtMs,
    ) {
        $this->ttlSeconds = $ticket->ttlSeconds;
        $this->renewedAtMs = $grantedAtMs;
    }

    public function renew(int $ttlSeconds, float $nowMs): void
    {
        $this->ttlSeconds = $ttlSeconds;
        $this->renewedAtMs = $nowMs;
    }

    /** It ends with its session, if that comes first. */
    public function expiresAtMs(): float
    {
        return min($this->renewedAtMs + 1000 * $this->ttlSeconds, $this->ticket->session->expiresAtMs ?? INF);
    }

    /** Until when no one else gets its locks, even if it is released sooner. */
    public function keptUntilMs(): float
    {
        return $this->grantedAtMs + 1000 * $this->ticket->minHoldSeconds;
    }

    /** @return array<string, WantedLock> what a request says to get its locks, by name */
    public function wanted(): array
    {
        return array_map(static fn (LeaseLock $lock): WantedLock => $lock->mode === LockMode::Counted
            ? new WantedLock($lock->name, null, $lock->limit, $lock->permits)
            : new WantedLock($lock->name, $lock->mode), $this->locks);
    }

    /** @return array<string, mixed> how it holds a lock */
    public function lock(string $name): array
    {
        $lock = $this->locks[$name];

        return ['name' => $name, 'mode' => $lock->mode->value] + ($lock->mode !== LockMode::Counted ? [] : [
            'limit' => $lock->limit,
            'permits' => $lock->permits,
            'slots' => $lock->slots,
        ]);
    }

    /** @return array<string, mixed> what everyone may know of it */
    public function facts(): array
    {
        return [
            'fencing_token' => $this->fencingToken,
            'expires_at' => Replies::date($this->expiresAtMs()),
            'holder' => $this->ticket->user,
            'holder_id' => Replies::id($this->ticket->user),
            'metadata' => $this->ticket->metadata,
        ];
    }

    /**
     * @param ?string $name the lock that it is about; null if it is about all
     * @return array<string, mixed> what its holder gets
     */
    public function reply(string $status, ?string $name, bool $proof, float $nowMs): array
    {
        $locks = array_map(fn (string|int $one): array => $this->lock((string) $one), array_keys($this->locks));
        $renewAfterMs = 1000 * $this->ttlSeconds / 3 - ($nowMs - $this->renewedAtMs);

        return ['status' => $status, 'lease_id' => $this->ticket->leaseId, 'renew_after_ms' => (int) max(0, $renewAfterMs)]
            + $this->facts()
            + ($name === null ? [] : $this->lock($name))
            + ($name === null || count($locks) > 1 ? ['locks' => $locks] : [])
            + ($proof ? ['proof' => "test.proof.$this->fencingToken"] : [])
            + ['session_id' => $this->ticket->session?->id, 'release_requested' => $this->releaseRequested];
    }
}
