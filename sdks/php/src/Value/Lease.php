<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** One grant of a lock. */
final readonly class Lease
{
    /**
     * @param string $leaseId proves that you hold the lock
     * @param int $fencingToken higher than that of every earlier grant, of any lock
     * @param \DateTimeImmutable $expiresAt when the lease expires unless it is renewed, by the server's clock
     * @param string $holder login of the holder
     */
    public function __construct(
        public LeaseStatus $status,
        public string $name,
        public string $leaseId,
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
            status: $fields->choice('status', LeaseStatus::class),
            name: $fields->text('name'),
            leaseId: $fields->text('lease_id'),
            fencingToken: $fields->number('fencing_token'),
            expiresAt: $fields->date('expires_at'),
            holder: $fields->text('holder'),
            holderId: $fields->text('holder_id'),
            metadata: $fields->textOrNull('metadata'),
        );
    }
}
