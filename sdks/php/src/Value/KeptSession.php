<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** A session that was just kept alive. */
final readonly class KeptSession
{
    public function __construct(
        public string $sessionId,
        public \DateTimeImmutable $expiresAt,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(sessionId: $fields->text('session_id'), expiresAt: $fields->date('expires_at'));
    }
}
