<?php

declare(strict_types=1);

namespace OctoStore\Internal\Calls;

use OctoStore\Internal\Backoff;
use OctoStore\Internal\Clock;
use OctoStore\Rules;

/**
 * Decides whether and when a call is sent again.
 *
 * @internal
 */
final class Repeats
{
    /** A request that lasted this long, in milliseconds, has waited in line. */
    private const WAITED_MS_MIN = 1000.0;

    private int $attempts = 0;

    /** How many attempts have failed since the delays began to grow. */
    private int $failures = 0;

    /** @param Call<mixed> $call */
    public function __construct(private readonly Call $call)
    {
    }

    /**
     * The milliseconds before the next attempt; null if there is none.
     *
     * @param float $lastedMs how long the attempt that failed took
     */
    public function delayMs(\Throwable $error, float $lastedMs): ?float
    {
        $this->attempts++;
        $limits = $this->call->limits;
        if ($this->attempts >= $limits->attemptsMax || !Caller::mayRepeat($error, $this->call->isSafe)) {
            return null;
        }
        $delayMs = $this->nextDelayMs($error->retryAfterMs ?? 0, $lastedMs);

        return $delayMs === null || $delayMs >= $limits->deadlineMs - Clock::nowMs() ? null : $delayMs;
    }

    private function nextDelayMs(int $retryAfterMs, float $lastedMs): ?float
    {
        $patientUntilMs = $this->call->patientUntilMs;
        $patienceMs = $patientUntilMs === null ? 0.0 : $patientUntilMs - Clock::nowMs();
        $isUsual = $this->attempts <= Rules::REPEATS_MAX;
        if ((!$isUsual && $patienceMs <= 0) || $retryAfterMs > max(Rules::RETRY_AFTER_MS_MAX, $patienceMs)) {
            return null;
        }
        if ($patientUntilMs !== null && $lastedMs >= self::WAITED_MS_MIN) {
            $this->failures = 0;
        }
        $delayMs = Backoff::delayMs(++$this->failures);

        return max($retryAfterMs, $isUsual ? $delayMs : min($delayMs, $patienceMs));
    }
}
