<?php

declare(strict_types=1);

namespace OctoStore\Internal\Leases;

use OctoStore\Internal\Checks;

/**
 * The renewals of one lease.
 *
 * @internal
 */
final readonly class Renewal
{
    /** @throws \OctoStore\Exception\ValidationException */
    public function __construct(
        public LeaseRoutes $routes,
        public string $leaseId,
        public int $ttlSeconds,
        private bool $proof = false,
    ) {
        Checks::ttl($ttlSeconds);
    }

    /** @return array<string, mixed> */
    public function body(): array
    {
        // Servers of version 1.0 refuse `proof`, so it is sent only if it is needed.
        return ['ttl_seconds' => $this->ttlSeconds, 'proof' => $this->proof ?: null];
    }
}
