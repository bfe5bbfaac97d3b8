<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** One of the leases that hold a lock. */
final readonly class LockHolder
{
    /**
     * @param ?string $leaseId only set if the lease is yours
     * @param string $holder login of the holder
     * @param ?list<int> $slots which permits the lease has; only if the lock is counted
     */
    public function __construct(
        public ?string $leaseId,
        public int $fencingToken,
        public \DateTimeImmutable $expiresAt,
        public string $holder,
        public string $holderId,
        public ?string $metadata = null,
        public ?array $slots = null,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            leaseId: $fields->textOrNull('lease_id'),
            fencingToken: $fields->number('fencing_token'),
            expiresAt: $fields->date('expires_at'),
            holder: $fields->text('holder'),
            holderId: $fields->text('holder_id'),
            metadata: $fields->textOrNull('metadata'),
            slots: $fields->numbersOrNull('slots'),
        );
    }
}
