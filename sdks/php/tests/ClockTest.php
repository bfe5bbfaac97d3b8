<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Internal\Clock;
use OctoStore\Internal\SuspendClock;
use PHPUnit\Framework\TestCase;

/** The clock of leases. */
final class ClockTest extends TestCase
{
    private float $monotonicMs = 5_000;
    private float $wallMs = 90_000;
    private SuspendClock $clock;

    protected function setUp(): void
    {
        $this->clock = new SuspendClock(fn (): float => $this->monotonicMs, fn (): float => $this->wallMs);
    }

    public function testSuspendedTimeCounts(): void
    {
        $this->pass(monotonicMs: 1_000, wallMs: 61_000);
        self::assertSame(66_000.0, $this->clock->nowMs());
        $this->pass(monotonicMs: 1_000, wallMs: 31_000);
        self::assertSame(97_000.0, $this->clock->nowMs());
    }

    public function testOtherDifferencesOfTheClocksDoNot(): void
    {
        $this->pass(monotonicMs: 1_000, wallMs: 1_900);
        self::assertSame(6_000.0, $this->clock->nowMs());
    }

    public function testAClockThatIsSetBackHidesNoLaterSuspension(): void
    {
        $this->pass(monotonicMs: 1_000, wallMs: -80_000);
        self::assertSame(6_000.0, $this->clock->nowMs());
        $this->pass(monotonicMs: 1_000, wallMs: 11_000);
        self::assertSame(17_000.0, $this->clock->nowMs());
    }

    public function testWhatAnotherProcessHasCountedCountsOnce(): void
    {
        $this->pass(monotonicMs: 1_000, wallMs: 4_000);
        $this->clock->catchUp(3_000);
        self::assertSame(9_000.0, $this->clock->nowMs());
        $this->clock->catchUp(5_000);
        self::assertSame(11_000.0, $this->clock->nowMs());
        self::assertSame(5_000.0, $this->clock->suspendedMs());
    }

    public function testTheClockOfTheSystemIsMonotonic(): void
    {
        $before = Clock::nowMs();
        usleep(20_000);
        self::assertEqualsWithDelta($before + 20, Clock::nowMs(), 900);
        self::assertGreaterThanOrEqual($before + 20, Clock::nowMs());
    }

    private function pass(float $monotonicMs, float $wallMs): void
    {
        $this->monotonicMs += $monotonicMs;
        $this->wallMs += $wallMs;
    }
}
