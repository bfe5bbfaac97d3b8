<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** The line of a lock. */
final readonly class Queue
{
    /**
     * @param int $waiters number of requests that are waiting for the lock now
     * @param int $total number of places, including those that are only kept
     * @param list<QueuePlace> $queue the first 100 places, in order of arrival
     */
    public function __construct(
        public string $name,
        public int $waiters,
        public int $total,
        public array $queue,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            name: $fields->text('name'),
            waiters: $fields->number('waiters'),
            total: $fields->number('total'),
            queue: array_map(QueuePlace::read(...), $fields->objects('queue')),
        );
    }
}
