<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** Whether a lease is new. */
enum LeaseStatus: string
{
    /** The call granted the lease. */
    case Acquired = 'acquired';

    /** The lease existed before. */
    case Held = 'held';
}
