<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Internal\Testing\TestClock;
use OctoStore\StopToken;

/**
 * The clock of leases. It only ever moves forward, and counts the time for which the machine was suspended, see `SuspendClock`. Forks
 * begin with the clock of their parent, and tell it what they count.
 *
 * @internal
 */
final class Clock
{
    /** How often a pause or a transfer checks whether it has been stopped. */
    public const LOOK_EVERY_MS = 20.0;

    private static ?SuspendClock $clock = null;

    private static ?TestClock $test = null;

    public static function nowMs(): float
    {
        return self::$test?->nowMs() ?? self::ofSystem()->nowMs();
    }

    /** The clock of a test, if one has replaced that of the system. */
    public static function ofTest(): ?TestClock
    {
        return self::$test;
    }

    public static function replace(?TestClock $test): void
    {
        self::$test = $test;
    }

    public static function ofSystem(): SuspendClock
    {
        return self::$clock ??= SuspendClock::ofSystem();
    }

    /** @throws \OctoStore\Exception\StoppedException as soon as it is stopped */
    public static function pause(float $ms, ?StopToken $stop = null): void
    {
        $untilMs = self::nowMs() + $ms;
        for (;;) {
            $stop?->throwIfStopped();
            $leftMs = $untilMs - self::nowMs();
            if ($leftMs <= 0) {
                return;
            }
            $stepMs = $stop === null ? $leftMs : min($leftMs, self::LOOK_EVERY_MS);
            if (self::$test !== null) {
                self::$test->advance($stepMs);
                continue;
            }
            // A signal ends it early.
            usleep((int) ceil(1000 * $stepMs));
        }
    }
}
