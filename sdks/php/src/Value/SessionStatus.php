<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** The current status of a session. */
final readonly class SessionStatus
{
    /** @param int $lockCount number of locks that the session holds */
    public function __construct(
        public string $sessionId,
        public \DateTimeImmutable $expiresAt,
        public string $userId,
        public int $lockCount,
        public bool $active,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            sessionId: $fields->text('session_id'),
            expiresAt: $fields->date('expires_at'),
            userId: $fields->text('user_id'),
            lockCount: $fields->number('lock_count'),
            active: $fields->flag('active'),
        );
    }
}
