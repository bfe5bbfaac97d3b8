<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Exception\LockHeldException;
use OctoStore\Exception\LockLostException;
use OctoStore\Exception\StaleTokenException;
use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Keeping\Held;
use OctoStore\Internal\Keeping\LeaseFacts;
use OctoStore\Lock;
use OctoStore\Value\EventType;
use OctoStore\Value\EventUpdate;
use OctoStore\Value\LeaseLock;
use OctoStore\Value\LockMode;
use OctoStore\Value\ReleaseRequest;
use OctoStore\Value\WantedLock;

/** Shared and counted locks, several locks under one lease, and what others can do about a lock. */
final class KindsTest extends ServerTestCase
{
    public function testReadersShareALockAndTheLastOneMayWrite(): void
    {
        $reader = $this->client->hold($this->name, mode: LockMode::Shared);
        $other = $this->other->hold($this->name, mode: LockMode::Shared);
        $token = $reader->fencingToken;
        try {
            $reader->convert(LockMode::Exclusive);
            self::fail('There were two.');
        } catch (LockHeldException) {
            self::assertSame($token, $reader->fencingToken);
        }
        $other->close();
        $reader->convert(LockMode::Exclusive);
        self::assertGreaterThan($token, $reader->fencingToken);
        self::assertSame(LockMode::Exclusive, $reader->locks()[0]->mode);
        $status = $this->client->lockStatus($this->name);
        self::assertSame([1, $reader->fencingToken], [$status->holderCount, $status->holders[0]->fencingToken]);
        $reader->close();
    }

    public function testTheFencingTokenCanOnlyBeRead(): void
    {
        $lock = $this->client->hold($this->name);
        self::assertTrue(isset($lock->fencingToken));
        $this->expectException(\Error::class);
        $lock->fencingToken = 7;
    }

    public function testPermitsHaveNumbers(): void
    {
        $one = $this->client->hold($this->name, limit: 3, permits: 2);
        $two = $this->client->hold($this->name, limit: 3);
        self::assertSame([[0, 1], [2]], [$one->slots(), $two->slots()]);
        self::assertSame(3, $this->client->lockStatus($this->name)->permitsInUse);
        $this->expectException(ValidationException::class);
        $one->convert(LockMode::Shared);
    }

    public function testSeveralLocksAreHeldTogether(): void
    {
        $names = ["$this->name/a", "$this->name/b"];
        $locks = [$names[0], new WantedLock($names[1], LockMode::Shared)];
        $token = $this->client->withLocks($locks, function (Lock $lock) use ($names): int {
            self::assertStringContainsString("($names[0], $names[1], fencing token", (string) $lock);
            array_map($this->assertHeld(...), $names);

            return $lock->fencingToken;
        });
        self::assertGreaterThan(0, $token);
        array_map($this->assertAvailable(...), $names);
        $lease = $this->client->acquireAll($locks, proof: true);
        self::assertEquals($lease->locks, $this->client->leases->get($lease->leaseId)->locks);
        self::assertNotNull($lease->proof);
        self::assertSame($lease->leaseId, $this->client->leases->renew($lease->leaseId, 30)->leaseId);
        $this->client->leases->release($lease->leaseId);
        array_map($this->assertAvailable(...), $names);
        $this->expectException(ValidationException::class);
        $this->client->holdAll([]);
    }

    public function testTheLossOfSeveralLocksNamesThemAll(): void
    {
        $this->expectException(LockLostException::class);
        $this->expectExceptionMessage("The lease of $this->name/a, $this->name/b is lost: it has ended on the server.");
        $this->client->withLocks(["$this->name/a", "$this->name/b"], function (Lock $lock): void {
            $this->client->leases->release($lock->leaseId);
            self::eventually(static fn (): bool => $lock->isLost(), 'the locks were lost');
        }, ttlSeconds: 3);
    }

    public function testARequestToReleaseInterruptsTheHolder(): void
    {
        $lock = $this->client->hold($this->name, ttlSeconds: 3);
        $lock->onReleaseRequested(static fn (ReleaseRequest $request) => throw new \DomainException((string) $request->message));
        $this->other->requestRelease($this->name, 'deploying');
        try {
            sleep(30);
            self::fail('It slept on.');
        } catch (\DomainException $asked) {
            self::assertSame('deploying', $asked->getMessage());
        }
        self::assertFalse($lock->isLost());
        self::assertSame('deploying', $lock->releaseRequested()?->message);
        $lock->close();
    }

    public function testWithCooperativeRenewalARequestIsToldByTheNextOne(): void
    {
        $lock = $this->cooperativeClient()->hold($this->name, ttlSeconds: 3);
        $told = [];
        $lock->onReleaseRequested(static function (ReleaseRequest $request) use (&$told): void {
            $told[] = $request->message;
        });
        $this->other->requestRelease($this->name);
        self::eventually(static function () use ($lock, &$told): bool {
            $lock->keepAlive();

            return $told !== [];
        }, 'the request was told');
        self::assertSame([null], $told);
        $lock->close();
    }

    public function testARenewalThatWasSentBeforeAConversionChangesNothing(): void
    {
        $facts = static fn (int $token): LeaseFacts => new LeaseFacts($token, [new LeaseLock('a')], "proof $token", null);
        $held = new Held('id', $facts(1));
        $held->converted($facts(2), 100.0);
        $held->renewed($facts(1), 99.0);
        self::assertSame([2, 'proof 1'], [$held->facts()->fencingToken, $held->facts()->proof]);
        $held->converted(null, 200.0);
        $held->renewed($facts(3), 201.0);
        self::assertSame(3, $held->facts()->fencingToken);
    }

    public function testEachListenerIsToldOnceOfEachRequest(): void
    {
        $at = static fn (int $second): LeaseFacts => new LeaseFacts(
            1,
            [new LeaseLock('a')],
            null,
            new ReleaseRequest('ada', null, new \DateTimeImmutable("@$second")),
        );
        $told = [];
        $held = new Held('id', $at(1));
        $listen = static function (string $who) use ($held, &$told): void {
            $held->listen(static function (ReleaseRequest $request) use ($who, &$told): void {
                $told[] = $who . $request->at->getTimestamp();
            });
        };
        $listen('x');
        $held->tell();
        $held->renewed($at(1), 1.0);
        $held->tell();
        $listen('y');
        $held->tell();
        $held->renewed($at(2), 2.0);
        $held->tell();
        self::assertSame(['x1', 'y1', 'x2', 'y2'], $told);
    }

    public function testAFenceRefusesWhatIsStale(): void
    {
        $old = $this->client->withLock($this->name, static fn (Lock $lock): int => $lock->fencingToken);
        $new = $this->client->withLock($this->name, static fn (Lock $lock): int => $lock->fencingToken);
        self::assertSame($new, $this->client->fences->advance($this->name, $new)->highest);
        self::assertSame($new, $this->client->fences->get($this->name)->highest);
        try {
            $this->client->fences->check($this->name, $old);
            self::fail('It was taken.');
        } catch (StaleTokenException $error) {
            self::assertSame($new, $error->highest);
        }
    }

    public function testALineShowsWhoWaits(): void
    {
        $lock = $this->other->hold($this->name);
        $leaseId = '0d1f6a0e-6f2c-4f5e-9a53-2f0f5d6b6c11';
        try {
            $this->client->acquire($this->name, waitSeconds: 1, leaseId: $leaseId);
            self::fail('It was had.');
        } catch (LockHeldException $error) {
            self::assertSame(1, $error->position);
        }
        $line = $this->client->queue($this->name);
        self::assertSame([0, 1, $leaseId], [$line->waiters, $line->total, $line->queue[0]->leaseId]);
        $this->client->leaveQueue($this->name, $leaseId);
        self::assertSame([], $this->client->queue($this->name)->queue);
        $lock->close();
    }

    public function testAWatchCanAskForMoreEvents(): void
    {
        $lock = $this->client->hold($this->name);
        $watch = $this->client->watch($this->name, events: [EventType::ReleaseRequested]);
        $watch->poll(15);
        $this->other->requestRelease($this->name, 'please');
        $update = $watch->poll(15);
        self::assertInstanceOf(EventUpdate::class, $update);
        self::assertSame([EventType::ReleaseRequested, 'please'], [$update->event->event, $update->event->message]);
        $watch->close();
        $lock->close();
    }
}
