<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Exception\ErrorFacts;
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
     * @param ?ErrorFacts $gone how the server reported that it has ended; null if it has not
     */
    public function __construct(
        public float $provedAtMs,
        public ?ErrorFacts $gone = null,
    ) {
    }

    /** One line, without its line ending. */
    public function encode(): string
    {
        return json_encode([
            // An integer, because settings of the program may round other numbers.
            'proved_at_ns' => (int) ($this->provedAtMs * 1e6),
            'suspended_ns' => (int) (Clock::ofSystem()->suspendedMs() * 1e6),
            'is_gone' => $this->gone !== null,
            'code' => $this->gone?->code,
            'status' => $this->gone?->status,
            'request_id' => $this->gone?->requestId,
        ], JSON_THROW_ON_ERROR);
    }

    public static function decode(string $line): self
    {
        $fields = Fields::parse($line);
        Clock::ofSystem()->catchUp($fields->number('suspended_ns') / 1e6);
        $gone = $fields->flag('is_gone') ? new ErrorFacts(
            code: $fields->textOrNull('code'),
            status: $fields->numberOrNull('status'),
            requestId: $fields->textOrNull('request_id'),
        ) : null;

        return new self($fields->number('proved_at_ns') / 1e6, $gone);
    }
}
