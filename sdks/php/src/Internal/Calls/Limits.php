<?php

declare(strict_types=1);

namespace OctoStore\Internal\Calls;

use OctoStore\Internal\Clock;
use OctoStore\Rules;

/**
 * Limits of all attempts of a call together.
 *
 * @internal
 */
final readonly class Limits
{
    /**
     * @param float $deadlineMs when all attempts and the delays between them must have ended, on the clock of leases
     * @param int $attemptsMax how many times it is sent, at most
     */
    public function __construct(
        public float $deadlineMs = INF,
        public int $attemptsMax = PHP_INT_MAX,
    ) {
    }

    /** One short attempt, for what ends on its own anyway. */
    public static function brief(): self
    {
        return new self(Clock::nowMs() + Rules::CLOSE_MS_MAX_WHEN_LOST, 1);
    }
}
