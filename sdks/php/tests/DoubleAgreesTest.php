<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Client;
use OctoStore\Exception\LockHeldException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\StaleTokenException;
use OctoStore\Internal\Testing\Replies;
use OctoStore\Testing\InMemoryOctoStore;
use OctoStore\Value\HeldLock;
use OctoStore\Value\LeaseLock;
use OctoStore\Value\LockMode;
use OctoStore\Value\QueuePlace;
use OctoStore\Value\WantedLock;

/** The test double does what a server does. */
final class DoubleAgreesTest extends ServerTestCase
{
    /** @dataProvider scripts */
    public function testItAgrees(string $script): void
    {
        $ofServer = $this->outcomes($script, $this->client, $this->other);
        $double = new InMemoryOctoStore();
        $ofDouble = $this->outcomes($script, $double->client('me'), $double->client('other'));
        $double->close();
        self::assertSame($ofServer, $ofDouble);
    }

    /** @return iterable<string, array{string}> */
    public static function scripts(): iterable
    {
        $names = ['exclusive', 'shared', 'counted', 'several', 'conversions', 'delays', 'lines', 'fences', 'sessions', 'requests'];
        foreach ($names as $name) {
            yield $name => [$name];
        }
    }

    /** No other test has it. */
    private function leaseId(): string
    {
        return Replies::id($this->name);
    }

    /** @return list<mixed> what comes of each call */
    private function outcomes(string $script, Client $me, Client $other): array
    {
        $outcomes = [];
        foreach ($this->{$script}($me, $other, $this->name) as $call) {
            try {
                $outcomes[] = $call();
            } catch (OctoStoreException $error) {
                $outcomes[] = [
                    $error->type()->value,
                    $error->errorCode,
                    $error->status,
                    $error instanceof LockHeldException ? self::factsOf($error) : null,
                    $error instanceof StaleTokenException,
                ];
            }
        }

        return $outcomes;
    }

    /** @return list<mixed> */
    private static function factsOf(LockHeldException $error): array
    {
        return [$error->lock, $error->holder !== null, $error->metadata, $error->limit, $error->position, $error->waiters];
    }

    /** @return iterable<\Closure(): mixed> */
    private function exclusive(Client $me, Client $other, string $a): iterable
    {
        yield fn () => $me->acquire($a, metadata: 'mine', leaseId: $this->leaseId())->status->value;
        yield fn () => $me->acquire($a, leaseId: $this->leaseId())->status->value;
        yield fn () => $me->acquire($a)->status;
        yield fn () => $other->acquire($a)->status;
        yield fn () => $other->acquire($a, mode: LockMode::Shared)->status;
        yield fn () => $other->lockStatus($a)->held?->leaseId;
        yield fn () => $me->lockStatus($a)->held?->leaseId;
        yield fn () => array_map(fn (HeldLock $lock): ?string => $lock->metadata, $me->listLocks("$a", own: true));
        yield fn () => $other->listLocks("$a", own: true);
        yield fn () => $other->renew($a, $this->leaseId(), 10);
        yield fn () => $me->renew($a, $this->leaseId(), 10)->status->value;
        yield fn () => $me->leases->get($this->leaseId())->locks[0]->name;
        yield fn () => $other->release($a, $this->leaseId());
        yield fn () => $me->release($a, $this->leaseId());
        yield fn () => $me->release($a, $this->leaseId());
        yield fn () => $me->lockStatus($a)->status->value;
    }

    /** @return iterable<\Closure(): mixed> */
    private function shared(Client $me, Client $other, string $a): iterable
    {
        yield fn () => $me->acquire($a, mode: LockMode::Shared, leaseId: $this->leaseId())->mode->value;
        yield fn () => $other->acquire($a, mode: LockMode::Shared)->mode->value;
        yield fn () => $me->lockStatus($a)->holderCount;
        yield fn () => count($me->lockStatus($a)->holders);
        yield fn () => $me->acquire($a)->mode;
        yield fn () => $me->acquire($a, limit: 3)->mode;
    }

    /** @return iterable<\Closure(): mixed> */
    private function counted(Client $me, Client $other, string $a): iterable
    {
        yield fn () => $me->acquire($a, limit: 4, permits: 2, leaseId: $this->leaseId())->slots;
        yield fn () => $other->acquire($a, limit: 4)->slots;
        yield fn () => $other->acquire($a, limit: 4, permits: 2)->slots;
        yield fn () => $other->acquire($a, limit: 5)->slots;
        yield fn () => $other->acquire($a)->slots;
        yield fn () => $me->lockStatus($a)->permitsInUse;
        yield fn () => $me->convert($a, $this->leaseId(), LockMode::Shared)->mode;
        yield fn () => $me->release($a, $this->leaseId());
        yield fn () => $other->acquire($a, limit: 4)->slots;
    }

    /** @return iterable<\Closure(): mixed> */
    private function several(Client $me, Client $other, string $a): iterable
    {
        $locks = ["$a/x", new WantedLock("$a/y", LockMode::Shared), new WantedLock("$a/z", limit: 2)];
        yield fn () => array_map(
            fn (LeaseLock $lock): array => [$lock->name, $lock->mode->value, $lock->limit, $lock->permits, $lock->slots],
            $me->acquireAll($locks, leaseId: $this->leaseId())->locks,
        );
        yield fn () => $other->acquireAll(["$a/w", "$a/y"])->locks;
        yield fn () => $other->lockStatus("$a/w")->status->value;
        yield fn () => count((array) $me->renew("$a/y", $this->leaseId(), 30)->locks);
        yield fn () => $me->leases->renew($this->leaseId(), 30)->proof;
        yield fn () => $me->release("$a/y", $this->leaseId());
        yield fn () => $me->lockStatus("$a/x")->status->value;
    }

    /** @return iterable<\Closure(): mixed> */
    private function conversions(Client $me, Client $other, string $a): iterable
    {
        $before = $me->acquire($a, leaseId: $this->leaseId())->fencingToken;
        yield fn () => $me->convert($a, $this->leaseId(), LockMode::Shared)->fencingToken === $before;
        yield fn () => $me->convert($a, $this->leaseId(), LockMode::Shared)->mode->value;
        $theirs = $other->acquire($a, mode: LockMode::Shared)->leaseId;
        yield fn () => $me->convert($a, $this->leaseId(), LockMode::Exclusive)->mode;
        yield fn () => $other->release($a, $theirs);
        yield fn () => $me->convert($a, $this->leaseId(), LockMode::Exclusive)->fencingToken > $before;
        yield fn () => $other->convert($a, $this->leaseId(), LockMode::Shared)->mode;
    }

    /** @return iterable<\Closure(): mixed> */
    private function delays(Client $me, Client $other, string $a): iterable
    {
        yield fn () => $me->acquire($a, ttlSeconds: 60, minHoldSeconds: 60, leaseId: $this->leaseId())->status->value;
        yield fn () => $me->release($a, $this->leaseId());
        yield fn () => $me->lockStatus($a)->status->value;
        yield fn () => $me->lockStatus($a)->availableAt !== null;
        yield fn () => $other->acquire($a)->status;
    }

    /** @return iterable<\Closure(): mixed> */
    private function lines(Client $me, Client $other, string $a): iterable
    {
        $theirs = $other->acquire($a, mode: LockMode::Shared)->leaseId;
        yield fn () => $me->acquire($a, waitSeconds: 1, leaseId: $this->leaseId())->status;
        yield fn () => [$me->queue($a)->waiters, $me->queue($a)->total];
        yield fn () => array_map(
            fn (QueuePlace $place): array => [$place->position, $place->mode->value, $place->asking, $place->leaseId],
            $me->queue($a)->queue,
        );
        yield fn () => $other->queue($a)->queue[0]->leaseId;
        // A place that is only kept is passed over.
        yield fn () => $other->acquire($a, mode: LockMode::Shared)->status->value;
        yield fn () => $other->leaveQueue($a, $this->leaseId());
        yield fn () => $me->leaveQueue($a, $this->leaseId());
        yield fn () => $me->queue($a)->queue;
        yield fn () => $other->release($a, $theirs);
    }

    /** @return iterable<\Closure(): mixed> */
    private function fences(Client $me, Client $other, string $a): iterable
    {
        [$low, $high] = [$me->acquire("$a/1")->fencingToken, $other->acquire("$a/2")->fencingToken];
        yield fn () => $me->fences->get($a)->highest;
        yield fn () => $me->fences->advance($a, $high)->highest === $high;
        yield fn () => $me->fences->check($a, $low)->highest;
        yield fn () => $me->fences->advance($a, $low)->highest;
        yield fn () => $me->fences->check($a, $high)->name === $a;
    }

    /** @return iterable<\Closure(): mixed> */
    private function sessions(Client $me, Client $other, string $a): iterable
    {
        $id = $me->createSession(30)->sessionId;
        yield fn () => $me->acquire($a, sessionId: $id)->status->value;
        yield fn () => $me->leases->get($me->lockStatus($a)->held?->leaseId ?? '')->sessionId === $id;
        yield fn () => $me->sessionStatus($id)->lockCount;
        yield fn () => $other->keepalive($id);
        yield fn () => $other->acquire("$a/x", sessionId: $id)->status;
        yield fn () => $me->keepalive($id)->sessionId === $id;
        yield fn () => $me->endSession($id);
        yield fn () => $me->lockStatus($a)->status->value;
        yield fn () => $me->keepalive($id);
        yield fn () => $me->acquire($a, sessionId: $id)->status;
    }

    /** @return iterable<\Closure(): mixed> */
    private function requests(Client $me, Client $other, string $a): iterable
    {
        yield fn () => $other->requestRelease($a);
        yield fn () => $me->acquire($a, leaseId: $this->leaseId())->releaseRequested;
        yield fn () => $other->requestRelease($a, 'please');
        yield fn () => $me->renew($a, $this->leaseId(), 30)->releaseRequested?->message;
        yield fn () => $me->breakLock($a, 'mine');
    }
}
