<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** A session that was just created. */
final readonly class CreatedSession
{
    /** @param int $keepaliveIntervalSecs the interval between keepalives that the server recommends, in seconds */
    public function __construct(
        public string $sessionId,
        public \DateTimeImmutable $expiresAt,
        public int $keepaliveIntervalSecs,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            sessionId: $fields->text('session_id'),
            expiresAt: $fields->date('expires_at'),
            keepaliveIntervalSecs: $fields->number('keepalive_interval_secs'),
        );
    }
}
