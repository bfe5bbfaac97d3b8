<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\LockHeldException;
use OctoStore\Exception\LostException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Calls\Limits;
use OctoStore\Internal\Clock;
use OctoStore\Internal\Granted;
use OctoStore\Internal\Keeping\Held;
use OctoStore\Internal\Keeping\Keeper;
use OctoStore\Internal\Keeping\LeaseFacts;
use OctoStore\Internal\Keeping\Observation;
use OctoStore\Internal\Keeping\Renewable;
use OctoStore\Internal\Keeping\Renewed;
use OctoStore\Internal\Leases;
use OctoStore\Internal\Leases\LeaseApi;
use OctoStore\Value\LeaseLock;
use OctoStore\Value\LockMode;
use OctoStore\Value\ReleaseRequest;

/**
 * A lock that you hold, or several under one lease. It is renewed until it is released or lost. It belongs to the process that acquired
 * it; a copy in a fork of that process neither renews nor releases.
 *
 * @property-read int $fencingToken Send it with every write to what the lock protects, which must refuse any token lower than the highest
 *     it has seen. It changes only if you convert a lock to `Exclusive`.
 */
final class Lock implements \Stringable
{
    use Kept;

    /** Of the first lock, if you hold several. */
    public readonly string $name;

    public readonly string $leaseId;

    private readonly Held $held;

    /** @internal created by `Client::hold()` and `Client::holdAll()` */
    public function __construct(
        private readonly LeaseApi $api,
        private readonly Leases\Renewal $lease,
        Granted $granted,
        int $timeoutMs,
        Renewal $renewal,
        ?Keeper $session,
        ?\Closure $observer = null,
    ) {
        $this->leaseId = $granted->lease->leaseId;
        $this->held = $held = new Held($this->leaseId, LeaseFacts::of($granted->lease));
        $this->name = $held->facts()->locks[0]->name;
        // Without `$this`, which would keep the handle from being destroyed.
        $renew = static function (string $server, float $untilMs, ?StopToken $stop) use ($api, $lease): Renewed {
            $result = $api->renewOnce($lease, $server, $untilMs, $stop);

            return new Renewed($result->sentAtMs, LeaseFacts::of($result->value));
        };
        $this->keeper = new Keeper(
            new Renewable(
                self::what($held->facts()->locks),
                $lease->ttlSeconds,
                $granted->sentAtMs,
                $timeoutMs,
                $api->servers(),
                $renew,
                $session,
                $held,
                new Observation($observer, $held),
            ),
            $renewal,
        );
    }

    /** For logs and debugging, without the lease id. */
    public function __toString(): string
    {
        $names = implode(', ', array_column($this->held->facts()->locks, 'name'));

        return self::class . "($names, fencing token $this->fencingToken, {$this->leftText()})";
    }

    public function __isset(string $name): bool
    {
        return $name === 'fencingToken';
    }

    public function __get(string $name): int
    {
        return $name === 'fencingToken'
            ? $this->held->facts()->fencingToken
            : throw new \LogicException("A lock has no property $name.");
    }

    public function __set(string $name, mixed $value): void
    {
        throw new \Error("The property $name of a lock cannot be set.");
    }

    /**
     * All locks that you hold, in the order in which you asked for them, and how you hold them.
     *
     * @return non-empty-list<LeaseLock>
     */
    public function locks(): array
    {
        return $this->held->facts()->locks;
    }

    /**
     * The numbers of your permits, if the lock is counted. If you hold several locks: of the first.
     *
     * @return list<int>
     */
    public function slots(): array
    {
        return $this->locks()[0]->slots ?? [];
    }

    /** Shows others that you hold the lock, if you asked for it: a JSON Web Token. Each renewal replaces it, so do not keep it. */
    public function proof(): ?string
    {
        $this->keeper->isLost();

        return $this->held->facts()->proof;
    }

    /** The latest request of someone else to release a lock that you hold, as of the last renewal. */
    public function releaseRequested(): ?ReleaseRequest
    {
        $this->keeper->isLost();

        return $this->held->facts()->releaseRequested;
    }

    /**
     * Calls a function once for each request of someone to release a lock that you hold, after the next renewal, as `onLost()` does. You
     * decide what to do.
     *
     * @param callable(ReleaseRequest): void $listener
     */
    public function onReleaseRequested(callable $listener): void
    {
        $this->keeper->onReleaseRequested($listener(...));
    }

    /**
     * Holds a lock in another mode, without letting go of it. If you already do, nothing changes. `Shared` always succeeds, and lets
     * waiting readers in. `Exclusive` succeeds only if no one else holds the lock, ahead of everyone in line; you then get a new
     * `$fencingToken`, for all locks of the handle. If the outcome is unknown, after a `NetworkException` for example, the next renewal
     * updates `locks()` and `$fencingToken`.
     *
     * @param LockMode $mode `Exclusive` or `Shared`
     * @param ?string $name the lock, if you hold several; the first by default
     * @throws LockHeldException if it is to be exclusive and others hold it too; does not wait for them
     * @throws ValidationException if the lock is counted, or the handle does not hold it, or belongs to another process
     * @throws NotFoundException if it is lost
     */
    public function convert(LockMode $mode, ?string $name = null): void
    {
        $name ??= $this->name;
        if (!in_array($name, array_column($this->locks(), 'name'), true)) {
            throw new ValidationException("The handle does not hold the lock $name.");
        }
        if (!$this->keeper->isOwn()) {
            throw new ValidationException('The handle belongs to another process. Convert the lock there.');
        }
        $converted = null;
        try {
            $converted = LeaseFacts::of($this->api->convert($name, $this->leaseId, $mode));
        } catch (LostException $loss) {
            // From a listener of a loss.
            throw $loss;
        } catch (NotFoundException $gone) {
            $this->keeper->hasEnded($gone);
            throw $gone;
        } finally {
            $this->held->converted($converted, Clock::nowMs());
        }
    }

    /**
     * Releases every lock, in no more time than what is left of the lease. It is not an error if it was already lost.
     *
     * @throws OctoStoreException if the server cannot be reached
     */
    public function release(): void
    {
        $this->endOnce(fn (Limits $limits) => $this->api->release($this->lease->routes, $this->leaseId, $limits));
    }

    /** Releases the lock, in no more time than what is left of its lease. Never fails: if the lock cannot be released, its lease expires on its own. */
    public function close(): void
    {
        try {
            $this->release();
        } catch (LostException $loss) {
            // From a listener of a loss.
            throw $loss;
        } catch (OctoStoreException) {
            // Its lease expires on its own.
        }
    }

    /** @param non-empty-list<LeaseLock> $locks */
    private static function what(array $locks): string
    {
        $names = implode(', ', array_column($locks, 'name'));

        return count($locks) === 1 ? "The lock $names" : "The lease of $names";
    }

    private function facts(): array
    {
        return ['name' => $this->name, 'fencingToken' => $this->fencingToken];
    }
}
