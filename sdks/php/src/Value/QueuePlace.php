<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** One place in the line of a lock. */
final readonly class QueuePlace
{
    /**
     * @param int $position where in the line of the requests that are asking, from 1
     * @param string $holder login of the waiting user
     * @param \DateTimeImmutable $since when the request joined the line, by the server's clock
     * @param ?int $limit the limit that the request gives; only if it is counted
     * @param ?int $permits how many permits the request wants; only if it is counted
     * @param bool $asking whether a client is waiting for the answer now; otherwise the place is kept for some seconds
     * @param ?string $leaseId only set if the place is yours
     */
    public function __construct(
        public int $position,
        public string $holder,
        public string $holderId,
        public \DateTimeImmutable $since,
        public LockMode $mode = LockMode::Exclusive,
        public ?int $limit = null,
        public ?int $permits = null,
        public bool $asking = true,
        public ?string $leaseId = null,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            position: $fields->number('position'),
            holder: $fields->text('holder'),
            holderId: $fields->text('holder_id'),
            since: $fields->date('since'),
            mode: $fields->mode(),
            limit: $fields->numberOrNull('limit'),
            permits: $fields->numberOrNull('permits'),
            asking: $fields->flag('asking'),
            leaseId: $fields->textOrNull('lease_id'),
        );
    }
}
