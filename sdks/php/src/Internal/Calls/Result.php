<?php

declare(strict_types=1);

namespace OctoStore\Internal\Calls;

/**
 * @internal
 * @template T
 */
final readonly class Result
{
    /**
     * @param T $value
     * @param float $sentAtMs when the successful attempt was sent, on the monotonic clock
     */
    public function __construct(
        public mixed $value,
        public float $sentAtMs,
    ) {
    }
}
