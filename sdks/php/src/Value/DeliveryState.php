<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** How far a delivery has come. */
enum DeliveryState: string
{
    case Pending = 'pending';
    case Delivered = 'delivered';
    case Dead = 'dead';
}
