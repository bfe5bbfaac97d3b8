<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Exception\LostException;
use OctoStore\Lock;

/** Renewal in the program's own calls. */
final class CooperativeTest extends ServerTestCase
{
    public function testALockLivesAsLongAsTheProgramKeepsItAlive(): void
    {
        $before = Processes::childrenOf(getmypid());
        $lock = $this->cooperativeClient()->hold($this->name, ttlSeconds: 5);
        for ($until = microtime(true) + 6; microtime(true) < $until;) {
            $lock->keepAlive();
            usleep(50_000);
        }
        self::assertFalse($lock->isLost());
        $this->assertHeld($this->name);
        self::assertSame($before, Processes::childrenOf(getmypid()));
        $lock->close();
        $this->assertAvailable($this->name);
    }

    public function testALockThatIsNotKeptAliveIsLostInTime(): void
    {
        $lock = $this->cooperativeClient()->hold($this->name, ttlSeconds: 1);
        $lock->onLost(function (LostException $loss) use (&$told): void {
            $told = $loss;
        });
        usleep(920_000);
        self::assertTrue($lock->isLost());
        self::assertInstanceOf(LostException::class, $told);
        self::assertSame(0, $lock->remainingMs());
        $this->expectException(LostException::class);
        $lock->keepAlive();
    }

    public function testALossOnTheServerIsToldByTheNextRenewal(): void
    {
        $lock = $this->cooperativeClient()->hold($this->name, ttlSeconds: 3);
        $this->client->release($this->name, $lock->leaseId);
        self::assertFalse($lock->isLost());
        usleep(1_100_000);
        try {
            $lock->keepAlive();
            self::fail('It was renewed.');
        } catch (LostException $loss) {
            self::assertSame('lock_not_found', $loss->errorCode);
        }
    }

    public function testAnElectionRenewsWhenItsLeaderAsksWhetherToStop(): void
    {
        $client = $this->cooperativeClient();
        $client->elect($this->name, function (Lock $lock, callable $shouldStop): void {
            for ($until = microtime(true) + 6; microtime(true) < $until;) {
                self::assertFalse($shouldStop());
                usleep(50_000);
            }
        }, ttlSeconds: 5, once: true);
        $this->assertAvailable($this->name);
    }
}
