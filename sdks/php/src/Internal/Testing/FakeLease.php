<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

use OctoStore\Value\LeaseLock;
use OctoStore\Value\LockMode;

/**
 * A lease of the server.
 *
 * @internal
 */
final class FakeLease
{
    /** @var ?array<string, mixed> the latest request to release it, as the server shows it */
    public ?array $releaseRequested = null;

    /**
     * @param array<string, LeaseLock> $locks by name
     * @param float $keptUntilMs until when no one else gets its locks, even if it is released sooner
     */
    public function __construct(
        public readonly Ticket $ticket,
        public array $locks,
        public int $fencingToken,
        public float $expiresAtMs,
        public readonly float $keptUntilMs,
    ) {
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
            'expires_at' => Replies::date($this->expiresAtMs),
            'holder' => $this->ticket->user,
            'holder_id' => Replies::id($this->ticket->user),
            'metadata' => $this->ticket->metadata,
        ];
    }

    /** @return array<string, mixed> what its holder gets */
    public function reply(string $status, ?string $name, bool $proof): array
    {
        $locks = array_map($this->lock(...), array_keys($this->locks));

        return ['status' => $status, 'lease_id' => $this->ticket->leaseId]
            + $this->facts()
            + ($name === null ? [] : $this->lock($name))
            + ($name === null || count($locks) > 1 ? ['locks' => $locks] : [])
            + ($proof ? ['proof' => "test.proof.$this->fencingToken"] : [])
            + ['session_id' => $this->ticket->sessionId, 'release_requested' => $this->releaseRequested];
    }
}
