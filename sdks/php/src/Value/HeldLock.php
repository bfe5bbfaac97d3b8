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
     */
    public function __construct(
        public string $name,
        public ?string $leaseId,
        public int $fencingToken,
        public \DateTimeImmutable $expiresAt,
        public string $holder,
        public string $holderId,
        public ?string $metadata,
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
        );
    }
}
