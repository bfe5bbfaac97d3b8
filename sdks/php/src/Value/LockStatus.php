<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** The current status of a lock. */
final readonly class LockStatus
{
    /**
     * @param int $fencingToken the holder's if the lock is held, otherwise the highest one issued so far, for any lock
     * @param int $waiters number of requests waiting for the lock
     * @param ?HeldLock $held who holds it; null if no one does; if several leases do, the one granted first
     * @param ?\DateTimeImmutable $availableAt until when no one gets it, by the server's clock; only set if it is delayed
     * @param int $holderCount number of leases that hold the lock
     * @param ?int $permitsInUse how many permits its leases have together; only if the lock is counted
     * @param list<LockHolder> $holders the first 100 leases that hold the lock, in the order they were granted
     */
    public function __construct(
        public LockState $status,
        public string $name,
        public int $fencingToken,
        public int $waiters,
        public ?HeldLock $held = null,
        public ?\DateTimeImmutable $availableAt = null,
        public int $holderCount = 0,
        public ?int $permitsInUse = null,
        public array $holders = [],
    ) {
    }

    public function isHeld(): bool
    {
        return $this->held !== null;
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        $status = $fields->choice('status', LockState::class);
        $isHeld = $status === LockState::Held;
        // Servers of version 1.0 have only exclusive locks, and show no other holders.
        $holders = $fields->has('holders') ? $fields->objects('holders') : [$fields];

        return new self(
            status: $status,
            name: $fields->text('name'),
            fencingToken: $fields->number('fencing_token'),
            waiters: $fields->number('waiters'),
            held: $isHeld ? HeldLock::read($fields) : null,
            availableAt: $status === LockState::Delayed ? $fields->date('available_at') : null,
            holderCount: $isHeld ? $fields->numberOrNull('holder_count') ?? 1 : 0,
            permitsInUse: $fields->numberOrNull('permits_in_use'),
            holders: $isHeld ? array_map(LockHolder::read(...), $holders) : [],
        );
    }
}
