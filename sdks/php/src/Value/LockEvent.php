<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** Something that happened to a lock. */
final readonly class LockEvent
{
    /**
     * @param ?string $holderId null once the lease has ended
     * @param ?int $fencingToken null once an exclusive lease was released or has expired
     * @param int $sequence strictly increasing across all locks
     * @param ?\DateTimeImmutable $expiresAt while the lease goes on only, like `metadata`
     * @param ?string $holder login of the holder; in watches, while the lease goes on only
     * @param LockMode $mode how the lease holds or held the lock
     * @param ?int $limit how many permits the lock has; only if it is counted
     * @param ?list<int> $slots which permits the lease has or had; only if the lock is counted
     * @param ?list<string> $leaseLocks the names of all locks of the lease, as far as you may see them; only if it holds several
     * @param ?string $cause `broken` with `expired`, if someone has broken the lease
     * @param ?string $reason why the lease was broken; with `broken` only
     * @param ?string $brokenBy login of the user who broke the lease, or `administrator`; with `broken` only
     * @param ?string $requestedBy login of the user who asks for the release; with `release_requested` only
     * @param ?string $message what that user says
     * @param ?string $warning what may need attention, such as `renews_late`; with `warning` only
     * @param ?string $summary the warning as a sentence; with `warning` only
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
        public LockMode $mode = LockMode::Exclusive,
        public ?int $limit = null,
        public ?array $slots = null,
        public ?array $leaseLocks = null,
        public ?string $cause = null,
        public ?string $reason = null,
        public ?string $brokenBy = null,
        public ?string $requestedBy = null,
        public ?string $message = null,
        public ?string $warning = null,
        public ?string $summary = null,
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
            mode: $fields->mode(),
            limit: $fields->numberOrNull('limit'),
            slots: $fields->numbersOrNull('slots'),
            leaseLocks: $fields->has('lease_locks') ? $fields->texts('lease_locks') : null,
            cause: $fields->textOrNull('cause'),
            reason: $fields->textOrNull('reason'),
            brokenBy: $fields->textOrNull('broken_by'),
            requestedBy: $fields->textOrNull('requested_by'),
            message: $fields->textOrNull('message'),
            warning: $fields->textOrNull('warning'),
            summary: $fields->textOrNull('summary'),
        );
    }
}
