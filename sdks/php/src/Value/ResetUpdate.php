<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** The log no longer reaches back to where the watch broke: events were missed, and the present state follows. */
final readonly class ResetUpdate implements Update
{
    public function __construct(public string $message)
    {
    }
}
