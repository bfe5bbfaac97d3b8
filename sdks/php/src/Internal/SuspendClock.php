<?php

declare(strict_types=1);

namespace OctoStore\Internal;

/**
 * A monotonic clock that also counts the time for which the machine was suspended, which `hrtime` does not. It compares `hrtime` with
 * another clock that does: `/proc/uptime` on Linux, or else the wall clock. If the other clock has gained more than a second, that counts
 * as passed time. If someone sets the wall clock forward, that counts too: a lease then ends too early for its holder, which is safe.
 *
 * @internal
 */
final class SuspendClock
{
    /** How much the other clock must have gained to count as suspended time, in milliseconds. */
    private const SUSPENDED_MS_MIN = 1000.0;

    /** By how much the other clock was ahead when it was last compared. */
    private float $aheadMs;

    private float $suspendedMs = 0.0;

    /**
     * @param \Closure(): float $monotonicMs
     * @param \Closure(): ?float $otherMs null if it cannot be read now
     */
    public function __construct(private readonly \Closure $monotonicMs, private readonly \Closure $otherMs)
    {
        $this->aheadMs = ($otherMs() ?? 0.0) - $monotonicMs();
    }

    public static function ofSystem(): self
    {
        $monotonicMs = static fn (): float => hrtime(true) / 1e6;
        $uptimeMs = static fn (): ?float => 1000 * (float) @file_get_contents('/proc/uptime') ?: null;
        $wallMs = static fn (): float => 1000 * microtime(true);
        $hasUptime = PHP_OS_FAMILY === 'Linux' && ini_get('open_basedir') === '' && $uptimeMs() !== null;

        return new self($monotonicMs, $hasUptime ? $uptimeMs : $wallMs);
    }

    public function nowMs(): float
    {
        $monotonicMs = ($this->monotonicMs)();
        $otherMs = ($this->otherMs)();
        // Without files left to open, it cannot be read. The next time counts what was missed.
        $aheadMs = $otherMs === null ? $this->aheadMs : $otherMs - $monotonicMs;
        $gainedMs = $aheadMs - $this->aheadMs;
        if ($gainedMs > self::SUSPENDED_MS_MIN) {
            $this->suspendedMs += $gainedMs;
        }
        if (abs($gainedMs) > self::SUSPENDED_MS_MIN) {
            $this->aheadMs = $aheadMs;
        }

        return $monotonicMs + $this->suspendedMs;
    }
}
