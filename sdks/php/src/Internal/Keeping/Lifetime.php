<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Rules;

/**
 * How long something lives that is renewed again and again. All times are milliseconds on the monotonic clock.
 *
 * @internal
 */
final readonly class Lifetime
{
    public function __construct(private int $ttlMs)
    {
    }

    /** From one renewal to the next. */
    public function periodMs(): float
    {
        return $this->ttlMs / Rules::RENEWALS_PER_TTL;
    }

    /** No earlier can it end, if the request that granted or renewed it was sent at that time. */
    public function endsAtMs(float $provedAtMs): float
    {
        return $provedAtMs + $this->ttlMs;
    }

    /** From then on it counts as lost, a margin before it can end. */
    public function lossAtMs(float $provedAtMs): float
    {
        $marginMs = max(Rules::MARGIN_MS_MIN, min(Rules::MARGIN_MS_MAX, Rules::MARGIN_FRACTION * $this->ttlMs));

        return $this->endsAtMs($provedAtMs) - $marginMs;
    }
}
