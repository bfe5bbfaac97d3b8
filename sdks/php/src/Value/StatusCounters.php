<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** The server's public counters. */
final readonly class StatusCounters
{
    public function __construct(
        public string $service,
        public string $version,
        public string $status,
        public int $uptimeSeconds,
        public int $locksHeld,
        public int $sessions,
        public int $waiters,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            service: $fields->text('service'),
            version: $fields->text('version'),
            status: $fields->text('status'),
            uptimeSeconds: $fields->number('uptime_seconds'),
            locksHeld: $fields->number('locks_held'),
            sessions: $fields->number('sessions'),
            waiters: $fields->number('waiters'),
        );
    }
}
