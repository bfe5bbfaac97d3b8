<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** What a break has ended. */
final readonly class LockBreak
{
    /**
     * @param int $leaseCount number of leases
     * @param list<int> $fencingTokens those of the first 100 of them, in the order they were granted
     * @param bool $endedDelay whether no one held the lock, and it is now available instead of delayed
     */
    public function __construct(
        public int $leaseCount,
        public array $fencingTokens,
        public bool $endedDelay,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            leaseCount: $fields->number('lease_count'),
            fencingTokens: $fields->numbersOrNull('fencing_tokens') ?? [],
            endedDelay: $fields->flag('ended_delay'),
        );
    }
}
