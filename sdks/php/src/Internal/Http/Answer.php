<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

/**
 * A whole answer.
 *
 * @internal
 */
final readonly class Answer
{
    /**
     * @param array<string, string> $headers by their names in lower case
     * @param float $sentAtMs when its request was sent, on the monotonic clock: no lease that it speaks of can have begun before
     */
    public function __construct(
        public int $status,
        public array $headers,
        public string $text,
        public float $sentAtMs,
    ) {
    }
}
