<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** The delivery of one event to one webhook. */
final readonly class Delivery
{
    /**
     * @param string $id also sent as the `webhook-id` header; the same on every attempt
     * @param list<DeliveryAttempt> $attempts the most recent attempts, oldest first
     * @param ?\DateTimeImmutable $nextAttemptAt while it is pending
     */
    public function __construct(
        public string $id,
        public string $webhookId,
        public DeliveryState $state,
        public ?string $deadReason,
        public LockEvent $payload,
        public array $attempts,
        public ?\DateTimeImmutable $nextAttemptAt,
        public \DateTimeImmutable $createdAt,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            id: $fields->text('id'),
            webhookId: $fields->text('webhook_id'),
            state: $fields->choice('state', DeliveryState::class),
            deadReason: $fields->textOrNull('dead_reason'),
            payload: LockEvent::read($fields->object('payload')),
            attempts: array_map(DeliveryAttempt::read(...), $fields->objects('attempts')),
            nextAttemptAt: $fields->dateOrNull('next_attempt_at'),
            createdAt: $fields->date('created_at'),
        );
    }
}
