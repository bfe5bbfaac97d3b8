<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Exception\ErrorFacts;
use OctoStore\Internal\Fields;

/**
 * What a renewer has to say: when a thing was last proved to live, and whether it is known to have ended.
 *
 * @internal
 */
final readonly class Report
{
    /**
     * @param float $provedAtMs when the last request was sent that granted or renewed it, on the monotonic clock
     * @param ?ErrorFacts $gone how the server said that it has ended; null if it has not said so
     */
    public function __construct(
        public float $provedAtMs,
        public ?ErrorFacts $gone = null,
    ) {
    }

    /** One line, without its end. */
    public function encode(): string
    {
        return json_encode([
            // A whole number, since settings of the program may round others.
            'proved_at_ns' => (int) ($this->provedAtMs * 1e6),
            'is_gone' => $this->gone !== null,
            'code' => $this->gone?->code,
            'status' => $this->gone?->status,
            'request_id' => $this->gone?->requestId,
        ], JSON_THROW_ON_ERROR);
    }

    public static function decode(string $line): self
    {
        $fields = Fields::parse($line);
        $gone = $fields->flag('is_gone') ? new ErrorFacts(
            code: $fields->textOrNull('code'),
            status: $fields->numberOrNull('status'),
            requestId: $fields->textOrNull('request_id'),
        ) : null;

        return new self($fields->number('proved_at_ns') / 1e6, $gone);
    }
}
