<?php

declare(strict_types=1);

namespace OctoStore\Internal;

/**
 * One frame of a stream of Server-Sent Events.
 *
 * @internal
 */
final readonly class Frame
{
    /** @param ?string $id null if the frame has none */
    public function __construct(
        public string $event,
        public ?string $id,
        public string $data,
    ) {
    }
}
