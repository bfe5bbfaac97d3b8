<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** One page of deliveries. */
final readonly class Deliveries
{
    /**
     * @param list<Delivery> $deliveries newest event first
     * @param ?int $nextBefore pass this as `before` to get the next page; null on the last page
     */
    public function __construct(
        public array $deliveries,
        public ?int $nextBefore,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            deliveries: array_map(Delivery::read(...), $fields->objects('deliveries')),
            nextBefore: $fields->numberOrNull('next_before'),
        );
    }
}
