<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\NotFoundException;
use OctoStore\Internal\Leases\LeaseApi;
use OctoStore\Internal\Leases\Renewal;
use OctoStore\Internal\Leases\SeveralLocks;
use OctoStore\Value\WholeLease;

/**
 * Your leases by their ids, whatever they lock. All methods throw a `NotFoundException` if you have no such lease, and a
 * `ValidationException` with the code `ambiguous_lease_id` if you chose one id for several.
 */
final readonly class Leases
{
    /** @internal see `Client::$leases` */
    public function __construct(private LeaseApi $api)
    {
    }

    /** @throws NotFoundException if you have no such lease */
    public function get(string $leaseId): WholeLease
    {
        return $this->api->get($leaseId);
    }

    /**
     * Renews a lease with all its locks, so that it ends `$ttlSeconds` (1 to 3600) from now.
     *
     * @param bool $proof whether you want a proof
     * @throws NotFoundException if you no longer have it
     */
    public function renew(string $leaseId, int $ttlSeconds, bool $proof = false): WholeLease
    {
        return $this->api->renew(new Renewal(new SeveralLocks(), $leaseId, $ttlSeconds, $proof))->lease;
    }

    /**
     * Releases all locks of a lease.
     *
     * @throws NotFoundException if you no longer have it
     */
    public function release(string $leaseId): void
    {
        $this->api->release(new SeveralLocks(), $leaseId);
    }
}
