<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Exception\LostException;
use OctoStore\Lock;
use OctoStore\StopToken;

final class ElectionTest extends ServerTestCase
{
    public function testItMayLeadOnceOnly(): void
    {
        $led = 0;
        $this->client->elect($this->name, function () use (&$led): void {
            $led++;
        }, once: true);
        self::assertSame(1, $led);
        $this->assertAvailable($this->name);
    }

    public function testItLeadsAgainAndAgainAndEndsWithWhatItsFunctionThrows(): void
    {
        $tokens = [];
        try {
            $this->client->elect($this->name, function (Lock $lock) use (&$tokens): void {
                $tokens[] = $lock->fencingToken;
                if (count($tokens) === 3) {
                    throw new \DomainException('enough');
                }
            });
        } catch (\DomainException $error) {
            self::assertSame('enough', $error->getMessage());
        }
        self::assertCount(3, array_unique($tokens));
        self::assertSame($tokens, [min($tokens), $tokens[1], max($tokens)]);
        $this->assertAvailable($this->name);
    }

    public function testALeaderThatThrowsThatItsLockIsLostCampaignsAnew(): void
    {
        $led = 0;
        $stop = new StopToken();
        $this->client->elect($this->name, function (Lock $lock) use (&$led, $stop): void {
            if (++$led === 2) {
                $stop->stop();

                return;
            }
            $this->client->release($this->name, $lock->leaseId);
            $lock->onLost(fn (LostException $loss) => throw $loss);
            sleep(30);
        }, ttlSeconds: 1, stop: $stop);
        self::assertSame(2, $led);
    }

    public function testTheLeaderIsToldOfAStopAndIsWaitedForBeforeTheLockIsReleased(): void
    {
        $stop = new StopToken();
        $this->client->elect($this->name, function (Lock $lock, callable $shouldStop) use ($stop): void {
            self::assertFalse($shouldStop());
            $stop->stop();
            self::assertTrue($shouldStop());
            $this->assertHeld($this->name);
        }, stop: $stop);
        $this->assertAvailable($this->name);
    }

    public function testOneThatIsStoppedBeforehandDoesNothing(): void
    {
        $stop = new StopToken();
        $stop->stop();
        $this->client->elect($this->name, fn () => self::fail('It led.'), stop: $stop);
        $this->assertAvailable($this->name);
    }
}
