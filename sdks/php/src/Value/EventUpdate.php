<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** Something happened to a lock. */
final readonly class EventUpdate implements Update
{
    public function __construct(public LockEvent $event)
    {
    }
}
