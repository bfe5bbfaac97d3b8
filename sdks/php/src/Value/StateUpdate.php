<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** The current state of a lock, or of all locks with a prefix. */
final readonly class StateUpdate implements Update
{
    public function __construct(public LockStatus|PrefixState $state)
    {
    }
}
