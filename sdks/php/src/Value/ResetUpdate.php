<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** Events were missed, because the event log no longer reaches back to where the watch broke. The current state follows. */
final readonly class ResetUpdate implements Update
{
    public function __construct(public string $message)
    {
    }
}
