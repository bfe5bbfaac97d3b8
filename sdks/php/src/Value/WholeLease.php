<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** A lease with all its locks. */
final readonly class WholeLease
{
    /**
     * @param string $leaseId proves that you hold the locks
     * @param int $fencingToken higher than that of every earlier grant, of any lock
     * @param \DateTimeImmutable $expiresAt when the lease expires unless it is renewed, by the server's clock
     * @param string $holder login of the holder
     * @param list<LeaseLock> $locks in the order in which you asked for them
     * @param ?string $sessionId the session that the lease is tied to, if there is one
     * @param ?string $proof shows others that you hold the locks, until it expires: a JSON Web Token; only if you asked for one
     * @param ?ReleaseRequest $releaseRequested the latest request to release one of its locks; only from a renewal
     */
    public function __construct(
        public LeaseStatus $status,
        public string $leaseId,
        public int $fencingToken,
        public \DateTimeImmutable $expiresAt,
        public string $holder,
        public string $holderId,
        public ?string $metadata,
        public array $locks,
        public ?string $sessionId = null,
        #[\SensitiveParameter] public ?string $proof = null,
        public ?ReleaseRequest $releaseRequested = null,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            status: $fields->choice('status', LeaseStatus::class),
            leaseId: $fields->text('lease_id'),
            fencingToken: $fields->number('fencing_token'),
            expiresAt: $fields->date('expires_at'),
            holder: $fields->text('holder'),
            holderId: $fields->text('holder_id'),
            metadata: $fields->textOrNull('metadata'),
            locks: array_map(LeaseLock::read(...), $fields->objects('locks'))
                ?: throw new \UnexpectedValueException('a lease without any lock'),
            sessionId: $fields->textOrNull('session_id'),
            proof: $fields->textOrNull('proof'),
            releaseRequested: $fields->has('release_requested')
                ? ReleaseRequest::read($fields->object('release_requested'))
                : null,
        );
    }
}
