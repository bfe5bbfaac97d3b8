<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** Locks that are held. They come in parts, of which the last is `complete`. */
final readonly class PrefixState
{
    /** @param list<HeldLock> $locks */
    public function __construct(
        public array $locks,
        public bool $complete,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            locks: array_map(HeldLock::read(...), $fields->objects('locks')),
            complete: $fields->flag('complete'),
        );
    }
}
