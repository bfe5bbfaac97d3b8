<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** The state of a delivery. */
enum DeliveryState: string
{
    case Pending = 'pending';
    case Delivered = 'delivered';
    case Dead = 'dead';
}
