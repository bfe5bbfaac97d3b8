<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Exception\ErrorFacts;
use OctoStore\Exception\LeaseBrokenException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Internal\Clock;
use OctoStore\Internal\Fields;

/**
 * A renewer's report: when the last successful renewal was sent, and whether the lock or session is known to have ended.
 *
 * @internal
 */
final readonly class Report
{
    /**
     * @param float $provedAtMs when the last request that granted or renewed it was sent, on the monotonic clock
     * @param ?NotFoundException $gone how the server reported that it has ended; null if it has not
     * @param ?LeaseFacts $facts what the last renewal said; null if there was none, or it is a session
     */
    public function __construct(
        public float $provedAtMs,
        public ?NotFoundException $gone = null,
        public ?LeaseFacts $facts = null,
    ) {
    }

    /** One line, without its line ending. */
    public function encode(): string
    {
        return json_encode([
            // An integer, because settings of the program may round other numbers.
            'proved_at_ns' => (int) ($this->provedAtMs * 1e6),
            'suspended_ns' => (int) (Clock::ofSystem()->suspendedMs() * 1e6),
            'gone' => $this->gone === null ? null : self::encodeError($this->gone),
            'facts' => $this->facts?->encode(),
        ], JSON_THROW_ON_ERROR);
    }

    public static function decode(string $line): self
    {
        $fields = Fields::parse($line);
        Clock::ofSystem()->catchUp($fields->number('suspended_ns') / 1e6);

        return new self(
            $fields->number('proved_at_ns') / 1e6,
            $fields->has('gone') ? self::decodeError($fields->object('gone')) : null,
            $fields->has('facts') ? LeaseFacts::decode($fields->object('facts')) : null,
        );
    }

    /** @return array<string, mixed> */
    private static function encodeError(NotFoundException $error): array
    {
        $break = $error instanceof LeaseBrokenException ? $error : null;

        return [
            'message' => $error->getMessage(),
            'code' => $error->errorCode,
            'status' => $error->status,
            'request_id' => $error->requestId,
            'reason' => $break?->reason,
            'broken_by' => $break?->brokenBy,
            'broken_at' => $break?->brokenAt->format('Y-m-d\TH:i:s.vP'),
        ];
    }

    private static function decodeError(Fields $fields): NotFoundException
    {
        $facts = new ErrorFacts(
            code: $fields->textOrNull('code'),
            status: $fields->numberOrNull('status'),
            requestId: $fields->textOrNull('request_id'),
        );
        $message = $fields->text('message');

        return $fields->has('reason') ? new LeaseBrokenException(
            $message,
            $facts,
            $fields->text('reason'),
            $fields->text('broken_by'),
            $fields->date('broken_at'),
        ) : new NotFoundException($message, $facts);
    }
}
