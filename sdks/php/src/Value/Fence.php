<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** What a fence has seen. */
final readonly class Fence
{
    /** @param int $highest the highest fencing token; 0 if it has seen none */
    public function __construct(public string $name, public int $highest)
    {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(name: $fields->text('name'), highest: $fields->number('highest'));
    }
}
