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
     * @param ?HeldLock $held who holds it; null if no one does
     * @param ?\DateTimeImmutable $availableAt until when no one gets it, by the server's clock; only set if it is delayed
     */
    private function __construct(
        public LockState $status,
        public string $name,
        public int $fencingToken,
        public int $waiters,
        public ?HeldLock $held,
        public ?\DateTimeImmutable $availableAt,
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

        return new self(
            status: $status,
            name: $fields->text('name'),
            fencingToken: $fields->number('fencing_token'),
            waiters: $fields->number('waiters'),
            held: $status === LockState::Held ? HeldLock::read($fields) : null,
            availableAt: $status === LockState::Delayed ? $fields->date('available_at') : null,
        );
    }
}
