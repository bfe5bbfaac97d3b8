<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** Whether someone holds a lock, or can get it. */
enum LockState: string
{
    case Available = 'available';
    case Held = 'held';

    /** No one holds it, and no one gets it for a while, because of its last lease. */
    case Delayed = 'delayed';
}
