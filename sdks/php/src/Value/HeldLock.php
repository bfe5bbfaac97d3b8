<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** A lock that is held. */
final readonly class HeldLock
{
    /**
     * @param ?string $leaseId only set if the lock is yours
     * @param int $fencingToken higher than that of every earlier grant, of any lock
     * @param \DateTimeImmutable $expiresAt when the lease expires unless it is renewed, by the server's clock
     * @param string $holder login of the holder
     * @param ?int $limit how many permits the lock has; only if it is counted, like `$permits` and `$slots`
     * @param ?int $permits how many permits the lease has
     * @param ?list<int> $slots which permits the lease has
     */
    public function __construct(
        public string $name,
        public ?string $leaseId,
        public int $fencingToken,
        public \DateTimeImmutable $expiresAt,
        public string $holder,
        public string $holderId,
        public ?string $metadata,
        public LockMode $mode = LockMode::Exclusive,
        public ?int $limit = null,
        public ?int $permits = null,
        public ?array $slots = null,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            name: $fields->text('name'),
            leaseId: $fields->textOrNull('lease_id'),
            fencingToken: $fields->number('fencing_token'),
            expiresAt: $fields->date('expires_at'),
            holder: $fields->text('holder'),
            holderId: $fields->text('holder_id'),
            metadata: $fields->textOrNull('metadata'),
            mode: $fields->mode(),
            limit: $fields->numberOrNull('limit'),
            permits: $fields->numberOrNull('permits'),
            slots: $fields->numbersOrNull('slots'),
        );
    }
}
