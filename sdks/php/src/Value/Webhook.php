<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** Where the server sends events of locks. */
final readonly class Webhook
{
    /**
     * @param ?string $secret `****` if there is one
     * @param list<string> $events
     */
    public function __construct(
        public string $id,
        public string $userId,
        public string $url,
        public ?string $secret,
        public array $events,
        public ?string $lockPattern,
        public \DateTimeImmutable $createdAt,
        public bool $active,
        public ?string $disabledReason,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            id: $fields->text('id'),
            userId: $fields->text('user_id'),
            url: $fields->text('url'),
            secret: $fields->textOrNull('secret'),
            events: $fields->texts('events'),
            lockPattern: $fields->textOrNull('lock_pattern'),
            createdAt: $fields->date('created_at'),
            active: $fields->flag('active'),
            disabledReason: $fields->textOrNull('disabled_reason'),
        );
    }
}
