<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** How a lease holds a lock. */
enum LockMode: string
{
    /** One lease holds the lock. */
    case Exclusive = 'exclusive';

    /** Any number of leases may hold it. */
    case Shared = 'shared';

    /** The leases share its permits. A lock is counted if you ask for it with a `limit`. */
    case Counted = 'counted';
}
