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

    /** Someone has broken the lease. Only if you name it. */
    case Broken = 'broken';

    /** Someone asks the holders to release the lock. Only if you name it. */
    case ReleaseRequested = 'release_requested';

    /** The lock may need attention, such as if its holder renews late. Only if you name it. */
    case Warning = 'warning';

    /** Whether the lease goes on after this event. */
    public function isOfHeldLock(): bool
    {
        return match ($this) {
            self::Acquired, self::Renewed, self::ReleaseRequested => true,
            self::Released, self::Expired, self::Broken, self::Warning => false,
        };
    }
}
