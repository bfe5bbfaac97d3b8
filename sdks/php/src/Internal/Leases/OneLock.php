<?php

declare(strict_types=1);

namespace OctoStore\Internal\Leases;

use OctoStore\Internal\Checks;
use OctoStore\Internal\Fields;
use OctoStore\Internal\Http\Request;
use OctoStore\Internal\LockApi;
use OctoStore\Value\Lease;
use OctoStore\Value\WantedLock;

/**
 * The requests for leases of one lock.
 *
 * @internal
 */
final readonly class OneLock implements LeaseRoutes
{
    /** @throws \OctoStore\Exception\ValidationException if the name of the lock is not valid */
    public function __construct(private WantedLock $lock)
    {
        Checks::name($lock->name);
    }

    public function acquire(array $body, float $untilMs): Request
    {
        $how = ['mode' => $this->lock->mode, 'limit' => $this->lock->limit, 'permits' => $this->lock->permits];

        return new Request('POST', LockApi::path($this->lock->name, 'acquire'), $body + $how, $untilMs);
    }

    public function renew(string $leaseId, array $body, ?float $untilMs): Request
    {
        return new Request('POST', LockApi::path($this->lock->name, 'renew'), ['lease_id' => $leaseId] + $body, $untilMs);
    }

    public function release(string $leaseId): Request
    {
        return new Request('POST', LockApi::path($this->lock->name, 'release'), ['lease_id' => $leaseId]);
    }

    public function read(Fields $fields): Lease
    {
        return Lease::read($fields);
    }
}
