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
     * @param ?int $limit how many permits the lock has; only if it is counted, like `$permits` and `$slots`
     * @param ?int $permits how many permits the lease has
     * @param ?list<int> $slots the numbers of its permits, 0 to `$limit` minus 1, which no other lease has
     * @param ?list<LeaseLock> $locks all locks of the lease; null if it is only this one
     * @param ?string $proof shows others that you hold the lock, until it expires: a JSON Web Token; only if you asked for one
     * @param ?ReleaseRequest $releaseRequested the latest request to release the lock; only from a renewal
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
        public LockMode $mode = LockMode::Exclusive,
        public ?int $limit = null,
        public ?int $permits = null,
        public ?array $slots = null,
        public ?array $locks = null,
        #[\SensitiveParameter] public ?string $proof = null,
        public ?ReleaseRequest $releaseRequested = null,
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
            mode: $fields->mode(),
            limit: $fields->numberOrNull('limit'),
            permits: $fields->numberOrNull('permits'),
            slots: $fields->numbersOrNull('slots'),
            locks: $fields->has('locks') ? array_map(LeaseLock::read(...), $fields->objects('locks')) : null,
            proof: $fields->textOrNull('proof'),
            releaseRequested: $fields->has('release_requested')
                ? ReleaseRequest::read($fields->object('release_requested'))
                : null,
        );
    }
}
