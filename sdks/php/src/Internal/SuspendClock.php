<?php

declare(strict_types=1);

namespace OctoStore\Internal;

/**
 * A monotonic clock that also counts the time for which the machine was suspended. `hrtime` does not, and PHP has no clock that does. So it
 * compares `hrtime` with the wall clock: if the wall clock has gained more than a second, that counts as passed time. If someone sets the
 * wall clock forward, that counts too: a lease then ends too early for its holder, which is safe.
 *
 * @internal
 */
final class SuspendClock
{
    /** How much the wall clock must have gained to count as suspended time, in milliseconds. */
    private const SUSPENDED_MS_MIN = 1000.0;

    /** By how much the wall clock was ahead when it was last compared. */
    private float $aheadMs;

    private float $suspendedMs = 0.0;

    /**
     * @param \Closure(): float $monotonicMs
     * @param \Closure(): float $wallMs
     */
    public function __construct(private readonly \Closure $monotonicMs, private readonly \Closure $wallMs)
    {
        $this->aheadMs = $wallMs() - $monotonicMs();
    }

    public static function ofSystem(): self
    {
        return new self(
            static fn (): float => hrtime(true) / 1e6,
            static fn (): float => 1000 * microtime(true),
        );
    }

    public function nowMs(): float
    {
        $monotonicMs = ($this->monotonicMs)();
        $aheadMs = ($this->wallMs)() - $monotonicMs;
        $gainedMs = $aheadMs - $this->aheadMs;
        if ($gainedMs > self::SUSPENDED_MS_MIN) {
            $this->suspendedMs += $gainedMs;
        }
        if (abs($gainedMs) > self::SUSPENDED_MS_MIN) {
            $this->aheadMs = $aheadMs;
        }

        return $monotonicMs + $this->suspendedMs;
    }

    /** How much time has counted as suspended so far. */
    public function suspendedMs(): float
    {
        return $this->suspendedMs;
    }

    /** Counts what another process has counted, which may have seen the wall clock go forward and back. */
    public function catchUp(float $suspendedMs): void
    {
        $this->nowMs();
        $this->suspendedMs = max($this->suspendedMs, $suspendedMs);
    }
}
