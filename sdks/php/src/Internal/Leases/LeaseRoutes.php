<?php

declare(strict_types=1);

namespace OctoStore\Internal\Leases;

use OctoStore\Internal\Fields;
use OctoStore\Internal\Http\Request;
use OctoStore\Value\Lease;
use OctoStore\Value\WholeLease;

/**
 * The requests that acquire, renew and release a lease, of one lock or of several. All times are milliseconds on the clock of leases.
 *
 * @internal
 */
interface LeaseRoutes
{
    /** @param array<string, mixed> $body */
    public function acquire(array $body, float $untilMs): Request;

    /** @param array<string, mixed> $body */
    public function renew(string $leaseId, array $body, ?float $untilMs): Request;

    public function release(string $leaseId): Request;

    public function read(Fields $fields): Lease|WholeLease;
}
