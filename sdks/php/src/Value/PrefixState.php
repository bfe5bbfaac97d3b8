<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** The locks that are held. They can arrive in several parts; the last one is `complete`. */
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
