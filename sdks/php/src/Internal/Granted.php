<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Value\Lease;

/**
 * A lease, and a time on the monotonic clock before which it cannot have begun.
 *
 * @internal
 */
final readonly class Granted
{
    public function __construct(
        public Lease $lease,
        public float $sentAtMs,
    ) {
    }
}
