<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** What can happen to a lock. */
enum EventType: string
{
    case Acquired = 'acquired';
    case Released = 'released';
    case Renewed = 'renewed';
    case Expired = 'expired';

    /** Whether the lock is held after it. */
    public function isOfHeldLock(): bool
    {
        return $this === self::Acquired || $this === self::Renewed;
    }
}
