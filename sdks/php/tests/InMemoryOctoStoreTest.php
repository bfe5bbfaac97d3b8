<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Client;
use OctoStore\Exception\LeaseBrokenException;
use OctoStore\Exception\LockHeldException;
use OctoStore\Exception\LockLostException;
use OctoStore\Exception\LostException;
use OctoStore\Exception\NetworkException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\StaleTokenException;
use OctoStore\Exception\StoppedException;
use OctoStore\Internal\Clock;
use OctoStore\Lock;
use OctoStore\StopToken;
use OctoStore\Testing\InMemoryOctoStore;
use OctoStore\Value\LockMode;
use OctoStore\Value\LockState;
use OctoStore\Value\ReleaseRequest;
use PHPUnit\Framework\TestCase;

/** The test double for programs that use this client. */
final class InMemoryOctoStoreTest extends TestCase
{
    private InMemoryOctoStore $octoStore;
    private Client $client;
    private Client $other;

    protected function setUp(): void
    {
        $this->octoStore = new InMemoryOctoStore();
        $this->client = $this->octoStore->client();
        $this->other = $this->octoStore->client('bob');
    }

    protected function tearDown(): void
    {
        $this->octoStore->close();
    }

    public function testALockIsRenewedWhileTimePasses(): void
    {
        $lock = $this->client->hold('a', ttlSeconds: 30);
        $this->octoStore->advance(3600);
        self::assertFalse($lock->isLost());
        self::assertSame('ada', $this->refusal($this->other, 'a')->holder);
        $lock->close();
        self::assertSame(LockState::Available, $this->client->lockStatus('a')->status);
    }

    public function testARefusalSaysWhoHoldsTheLockAndUntilWhen(): void
    {
        $this->other->acquire('a', ttlSeconds: 60, metadata: 'theirs');
        $this->octoStore->advance(10);
        $error = $this->refusal($this->client, 'a');
        self::assertSame(['bob', 'theirs', 'lock_held'], [$error->holder, $error->metadata, $error->errorCode]);
        self::assertSame(50, $error->expiresAt->getTimestamp() - $this->octoStore->now()->getTimestamp());
    }

    public function testALeaseThatNoOneRenewsExpires(): void
    {
        $first = $this->client->acquire('a', ttlSeconds: 60);
        $this->octoStore->advance(59.9);
        $this->refusal($this->other, 'a');
        $this->octoStore->advance(0.1);
        self::assertGreaterThan($first->fencingToken, $this->other->acquire('a')->fencingToken);
        $this->expectException(NotFoundException::class);
        $this->client->renew('a', $first->leaseId, 60);
    }

    public function testAWaitTakesNoTimeAndEndsWithTheLease(): void
    {
        $this->other->acquire('a', ttlSeconds: 300);
        $before = $this->octoStore->now();
        $lock = $this->client->hold('a', waitSeconds: 600);
        self::assertSame(300, $this->octoStore->now()->getTimestamp() - $before->getTimestamp());
        $lock->close();
        $this->other->acquire('a', ttlSeconds: 3600);
        $error = $this->refusal($this->client, 'a', waitSeconds: 90);
        self::assertSame('lock_held', $error->errorCode);
    }

    public function testWhatTheTestHasPlannedHappensDuringAWait(): void
    {
        $theirs = $this->other->hold('a');
        $this->octoStore->after(40, $theirs->close(...));
        $before = $this->octoStore->now();
        $this->client->hold('a', waitSeconds: INF);
        self::assertSame(40, $this->octoStore->now()->getTimestamp() - $before->getTimestamp());
    }

    public function testWaitersAreServedInTheOrderInWhichTheyCame(): void
    {
        $theirs = $this->other->hold('a');
        $order = [];
        $second = $this->octoStore->client('second');
        $this->octoStore->after(1, static function () use ($second, &$order): void {
            $second->withLock('a', static function () use (&$order): void {
                $order[] = 'second';
            }, waitSeconds: 60);
        });
        $this->octoStore->after(5, $theirs->close(...));
        $this->client->withLock('a', static function () use (&$order): void {
            $order[] = 'first';
        }, waitSeconds: 60);
        self::assertSame(['first'], $order);
        $this->octoStore->advance(1);
        self::assertSame(['first', 'second'], $order);
    }

    public function testAPlaceThatIsKeptLetsOthersPass(): void
    {
        $this->other->acquire('a', ttlSeconds: 10);
        $this->refusal($this->client, 'a', waitSeconds: 1);
        self::assertSame([0, 1], [$this->client->queue('a')->waiters, $this->client->queue('a')->total]);
        $this->octoStore->advance(20);
        self::assertSame(0, $this->client->queue('a')->total);
    }

    public function testAnOutageLosesALockInTime(): void
    {
        $this->expectException(LockLostException::class);
        $this->client->withLock('a', function (Lock $lock): void {
            $this->octoStore->goDown();
            $this->octoStore->advance(53);
            self::assertFalse($lock->isLost());
            $this->octoStore->advance(2);
            self::assertTrue($lock->isLost());
            $this->octoStore->comeBack();
        }, ttlSeconds: 60);
    }

    public function testAShortOutageLosesNothing(): void
    {
        $lock = $this->client->hold('a', ttlSeconds: 60);
        $this->octoStore->after(10, $this->octoStore->goDown(...));
        $this->octoStore->after(50, $this->octoStore->comeBack(...));
        $this->octoStore->advance(600);
        self::assertFalse($lock->isLost());
        $this->octoStore->goDown();
        $this->expectException(NetworkException::class);
        $this->client->lockStatus('a');
    }

    public function testListenersAreCalledWhileTimePasses(): void
    {
        $lock = $this->client->hold('a', ttlSeconds: 30);
        $lock->onLost(static function (LostException $loss) use (&$told): void {
            $told = $loss->getPrevious();
        });
        $lock->onReleaseRequested(static function (ReleaseRequest $request) use (&$asked): void {
            $asked = $request->message;
        });
        $this->other->requestRelease('a', 'deploying');
        $this->octoStore->advance(10);
        self::assertSame('deploying', $asked);
        $this->octoStore->adminClient()->breakLock('a', 'it hangs');
        $this->octoStore->advance(10);
        self::assertInstanceOf(LeaseBrokenException::class, $told);
        self::assertSame('it hangs', $told->reason);
    }

    public function testLocksEndWithTheirSession(): void
    {
        $session = $this->client->openSession(ttlSeconds: 30);
        $lock = $this->client->hold('a', ttlSeconds: 3600, session: $session);
        $this->octoStore->advance(1000);
        self::assertFalse($lock->isLost());
        $session->close();
        self::assertTrue($lock->isLost());
        self::assertSame(LockState::Available, $this->client->lockStatus('a')->status);
        $id = $this->client->createSession(30)->sessionId;
        $this->client->acquire('a', ttlSeconds: 3600, sessionId: $id);
        $this->octoStore->advance(30);
        self::assertFalse($this->client->lockStatus('a')->isHeld());
    }

    public function testKindsOfLocks(): void
    {
        $reader = $this->client->hold('a', mode: LockMode::Shared);
        $other = $this->other->hold('a', mode: LockMode::Shared);
        self::assertSame(2, $this->client->lockStatus('a')->holderCount);
        $other->close();
        $reader->convert(LockMode::Exclusive);
        self::assertGreaterThan($other->fencingToken, $reader->fencingToken);
        $gpus = $this->client->hold('gpu', limit: 4, permits: 3);
        self::assertSame([[0, 1, 2], [3]], [$gpus->slots(), $this->other->acquire('gpu', limit: 4)->slots]);
        self::assertSame('lock_held', $this->refusal($this->client, 'gpu', limit: 4)->errorCode);
        self::assertSame(4, $this->refusal($this->client, 'gpu', limit: 5)->limit);
        $both = $this->client->holdAll(['x', 'y'], proof: true);
        self::assertNotNull($both->proof());
        $this->octoStore->advance(600);
        self::assertSame(['a', 'gpu', 'x', 'y'], array_column($this->client->listLocks(own: true), 'name'));
        $both->close();
        self::assertSame([], $this->client->listLocks(prefix: 'x'));
    }

    public function testDelays(): void
    {
        $this->client->acquire('a', ttlSeconds: 10, lockDelaySeconds: 5);
        $this->octoStore->advance(12);
        self::assertSame(LockState::Delayed, $this->client->lockStatus('a')->status);
        self::assertSame('lock_delayed', $this->refusal($this->other, 'a')->errorCode);
        $this->octoStore->advance(3);
        $lock = $this->other->hold('a', minHoldSeconds: 20);
        $lock->close();
        $before = $this->octoStore->now();
        $this->client->hold('a', waitSeconds: 60)->close();
        self::assertSame(20, $this->octoStore->now()->getTimestamp() - $before->getTimestamp());
    }

    public function testFences(): void
    {
        $old = $this->client->withLock('a', static fn (Lock $lock): int => $lock->fencingToken);
        $new = $this->client->withLock('a', static fn (Lock $lock): int => $lock->fencingToken);
        $this->client->fences->advance('a', $new);
        $this->expectException(StaleTokenException::class);
        $this->client->fences->check('a', $old);
    }

    public function testAnElectionLeadsAgain(): void
    {
        $stop = new StopToken();
        $terms = 0;
        $this->client->elect('a', function (Lock $lock, callable $shouldStop) use ($stop, &$terms): void {
            if (++$terms === 2) {
                $stop->stop();

                return;
            }
            $this->client->release('a', $lock->leaseId);
            while (!$shouldStop()) {
                $this->octoStore->advance(1);
            }
        }, stop: $stop);
        self::assertSame(2, $terms);
    }

    public function testAWaitThatNothingEndsIsAMistakeOfTheTest(): void
    {
        $lock = $this->other->hold('a');
        $this->expectException(\LogicException::class);
        try {
            $this->client->hold('a', waitSeconds: INF);
        } finally {
            $lock->close();
        }
    }

    public function testAStopEndsAWait(): void
    {
        $lock = $this->other->hold('a');
        $stop = new StopToken();
        $this->octoStore->after(100, $stop->stop(...));
        try {
            $this->client->hold('a', waitSeconds: INF, stop: $stop);
            self::fail('It was had.');
        } catch (StoppedException) {
            self::assertSame(0, $this->client->queue('a')->waiters);
        }
        $lock->close();
    }

    public function testWhatItDoesNotKnowItSays(): void
    {
        $this->expectExceptionMessage('The test double does not support this request.');
        $this->client->watch('a')->poll();
    }

    public function testNothingIsForkedAndTheClockComesBack(): void
    {
        $before = Processes::childrenOf(getmypid());
        $lock = (new Client('http://localhost:1', 'me', transport: $this->octoStore->transport()))->hold('a');
        self::assertSame($before, Processes::childrenOf(getmypid()));
        $lock->close();
        self::assertContains('POST /locks/a/release', $this->octoStore->requests());
        $this->octoStore->close();
        self::assertEqualsWithDelta(hrtime(true) / 1e6, Clock::nowMs(), 5000);
    }

    private function refusal(Client $client, string $name, int $waitSeconds = 0, ?int $limit = null): LockHeldException
    {
        try {
            $client->acquire($name, waitSeconds: $waitSeconds, limit: $limit);
        } catch (LockHeldException $error) {
            return $error;
        }
        self::fail('It was had.');
    }
}
