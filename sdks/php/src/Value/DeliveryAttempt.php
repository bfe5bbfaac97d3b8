<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** One attempt to send an event to a webhook. */
final readonly class DeliveryAttempt
{
    /**
     * @param ?int $status HTTP status of the receiver, if it responded
     * @param ?string $error why it failed; null if it did not
     */
    public function __construct(
        public \DateTimeImmutable $at,
        public ?int $status,
        public ?string $error,
        public int $durationMs,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            at: $fields->date('at'),
            status: $fields->numberOrNull('status'),
            error: $fields->textOrNull('error'),
            durationMs: $fields->number('duration_ms'),
        );
    }
}
