<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\StopToken;
use OctoStore\Value\EventType;
use OctoStore\Value\EventUpdate;
use OctoStore\Value\LockStatus;
use OctoStore\Value\StateUpdate;

final class WatchTest extends ServerTestCase
{
    public function testAnIterationGivesTheStateAndThenWhatHappens(): void
    {
        $seen = [];
        foreach ($this->client->watch($this->name) as $update) {
            if ($update instanceof StateUpdate) {
                self::assertInstanceOf(LockStatus::class, $update->state);
                self::assertFalse($update->state->isHeld());
                $this->other->hold($this->name)->close();
                continue;
            }
            self::assertInstanceOf(EventUpdate::class, $update);
            $seen[] = $update->event->event;
            if ($update->event->event === EventType::Released) {
                break;
            }
        }
        self::assertSame([EventType::Acquired, EventType::Released], $seen);
    }

    public function testPollWaitsNoLongerThanItMay(): void
    {
        $watch = $this->client->watch($this->name);
        self::assertInstanceOf(StateUpdate::class, $watch->poll(15));
        $startedAt = microtime(true);
        self::assertNull($watch->poll(0.1));
        self::assertNull($watch->poll());
        self::assertGreaterThan(0.09, microtime(true) - $startedAt);
        self::assertLessThan(5, microtime(true) - $startedAt);
        $this->other->hold($this->name);
        self::assertInstanceOf(EventUpdate::class, $watch->poll(15));
        $watch->close();
        self::assertNull($watch->poll(15));
    }

    public function testAStopEndsTheIteration(): void
    {
        $stop = new StopToken();
        $count = 0;
        foreach ($this->client->watchPrefix("$this->name/", stop: $stop) as $_) {
            $count++;
            $stop->stop();
        }
        self::assertSame(1, $count);
    }

    public function testAWatchThatWaitsCostsNoTime(): void
    {
        $watch = $this->client->watch($this->name, stop: StopToken::when(static fn (): bool => false));
        self::assertInstanceOf(StateUpdate::class, $watch->poll(15));
        $before = self::cpuSeconds();
        self::assertNull($watch->poll(1));
        self::assertLessThan(0.2, self::cpuSeconds() - $before);
        $watch->close();
    }

    private static function cpuSeconds(): float
    {
        $usage = getrusage();

        return $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec']
            + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) / 1e6;
    }
}
