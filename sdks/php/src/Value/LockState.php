<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** Whether someone holds a lock. */
enum LockState: string
{
    case Available = 'available';
    case Held = 'held';
}
