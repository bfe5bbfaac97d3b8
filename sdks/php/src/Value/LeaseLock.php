<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** One lock of a lease, and how the lease holds it. */
final readonly class LeaseLock
{
    /**
     * @param ?int $limit how many permits the lock has; only if it is counted, like the others
     * @param ?int $permits how many permits the lease has
     * @param ?list<int> $slots the numbers of its permits, 0 to `$limit` minus 1, which no other lease has
     */
    public function __construct(
        public string $name,
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
            mode: $fields->mode(),
            limit: $fields->numberOrNull('limit'),
            permits: $fields->numberOrNull('permits'),
            slots: $fields->numbersOrNull('slots'),
        );
    }
}
