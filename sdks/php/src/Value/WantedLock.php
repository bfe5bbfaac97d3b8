<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** One of several locks that you want together. */
final readonly class WantedLock
{
    /**
     * @param ?LockMode $mode `Exclusive` by default; leave it out if you give a `$limit`
     * @param ?int $limit makes the lock counted: its leases may have this many permits together, 1 to 10,000
     * @param ?int $permits how many permits of a counted lock you want, 1 to `$limit`; 1 by default
     */
    public function __construct(
        public string $name,
        public ?LockMode $mode = null,
        public ?int $limit = null,
        public ?int $permits = null,
    ) {
    }
}
