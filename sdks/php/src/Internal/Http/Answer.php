<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

/**
 * A complete response.
 *
 * @internal
 */
final readonly class Answer
{
    /**
     * @param array<string, string> $headers by their names in lower case
     * @param float $sentAtMs when the request was sent, on the monotonic clock; no lease in the response can have begun earlier
     */
    public function __construct(
        public int $status,
        public array $headers,
        public string $text,
        public float $sentAtMs,
    ) {
    }
}
