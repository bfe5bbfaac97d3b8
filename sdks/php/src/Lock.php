<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\LostException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Calls\Limits;
use OctoStore\Internal\Granted;
use OctoStore\Internal\Keeping\Keeper;
use OctoStore\Internal\Keeping\Renewable;
use OctoStore\Internal\LockApi;

/**
 * A lock that you hold. It is renewed until it is released or lost. It belongs to the process that acquired it; a copy in a fork of that
 * process neither renews nor releases.
 */
final class Lock implements \Stringable
{
    use Kept;

    public readonly string $name;

    public readonly string $leaseId;

    /** Send it with every write to what the lock protects, which must refuse any token lower than the highest it has seen. */
    public readonly int $fencingToken;

    /** @internal created by `Client::hold()` */
    public function __construct(
        private readonly LockApi $api,
        Granted $granted,
        int $ttlSeconds,
        int $timeoutMs,
        Renewal $renewal,
        ?Keeper $session,
    ) {
        $lease = $granted->lease;
        [$this->name, $this->leaseId, $this->fencingToken] = [$lease->name, $lease->leaseId, $lease->fencingToken];
        // Without `$this`, which would keep the handle from being destroyed.
        $renew = static fn (float $untilMs, ?StopToken $stop): float =>
            $api->renewOnce($lease->name, $lease->leaseId, $ttlSeconds, $untilMs, $stop);
        $thing = new Renewable("The lock $lease->name", $ttlSeconds, $granted->sentAtMs, $timeoutMs, $renew, $session);
        $this->keeper = new Keeper($thing, $renewal);
    }

    /** For logs and debugging, without the lease id. */
    public function __toString(): string
    {
        return self::class . "($this->name, fencing token $this->fencingToken, {$this->leftText()})";
    }

    /**
     * Releases the lock, in no more time than what is left of its lease. It is not an error if the lock was already lost.
     *
     * @throws OctoStoreException if the server cannot be reached
     */
    public function release(): void
    {
        $this->endOnce(fn (Limits $limits) => $this->api->release($this->name, $this->leaseId, $limits));
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

    private function facts(): array
    {
        return ['name' => $this->name, 'fencingToken' => $this->fencingToken];
    }
}
