<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** The kind of an event. */
enum EventType: string
{
    case Acquired = 'acquired';
    case Released = 'released';
    case Renewed = 'renewed';
    case Expired = 'expired';

    /** Whether the lock is held after this event. */
    public function isOfHeldLock(): bool
    {
        return $this === self::Acquired || $this === self::Renewed;
    }
}
