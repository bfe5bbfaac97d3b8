<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** Something that happened to a lock. */
final readonly class LockEvent
{
    /**
     * @param ?string $holderId null if the lock was released or has expired; so is `fencingToken`
     * @param int $sequence strictly increasing across all locks
     * @param ?\DateTimeImmutable $expiresAt with `acquired` and `renewed` only, like `metadata`
     * @param ?string $holder login of the holder; in watches, with `acquired` and `renewed` only
     */
    public function __construct(
        public EventType $event,
        public string $lock,
        public ?string $holderId,
        public ?int $fencingToken,
        public \DateTimeImmutable $timestamp,
        public int $sequence,
        public ?\DateTimeImmutable $expiresAt,
        public ?string $metadata,
        public ?string $holder,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        $event = $fields->choice('event', EventType::class);
        $isHeld = $event->isOfHeldLock();

        return new self(
            event: $event,
            lock: $fields->text('lock'),
            holderId: $fields->textOrNull('holder_id'),
            fencingToken: $fields->numberOrNull('fencing_token'),
            timestamp: $fields->date('timestamp'),
            sequence: $fields->number('sequence'),
            expiresAt: $isHeld ? $fields->date('expires_at') : null,
            metadata: $isHeld ? $fields->textOrNull('metadata') : null,
            holder: $isHeld ? $fields->textOrNull('holder') : null,
        );
    }
}
