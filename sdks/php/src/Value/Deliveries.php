<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** One page of deliveries. */
final readonly class Deliveries
{
    /**
     * @param list<Delivery> $deliveries newest event first
     * @param ?int $nextBefore asks for the next page; null on the last one
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
