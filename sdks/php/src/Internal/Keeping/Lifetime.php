<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Rules;

/**
 * The lifetime of something that is renewed repeatedly. All times are milliseconds on the monotonic clock.
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

    /** Timeout of one attempt at a renewal. It is short, so that a server that hangs does not cost the lease. */
    public function renewalTimeoutMs(float $timeoutMs): float
    {
        return min($timeoutMs, $this->ttlMs / Rules::RENEWAL_TIMEOUTS_PER_TTL);
    }

    /** The earliest time it can expire, if the request that granted or renewed it was sent at that time. */
    public function endsAtMs(float $provedAtMs): float
    {
        return $provedAtMs + $this->ttlMs;
    }

    /** When it counts as lost, a margin before it can expire. */
    public function lossAtMs(float $provedAtMs): float
    {
        $marginMs = max(Rules::MARGIN_MS_MIN, min(Rules::MARGIN_MS_MAX, Rules::MARGIN_FRACTION * $this->ttlMs));

        return $this->endsAtMs($provedAtMs) - $marginMs;
    }
}
