<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Value\Lease;
use OctoStore\Value\WholeLease;

/**
 * A lease, and when its request was sent, on the monotonic clock. The lease cannot have begun earlier.
 *
 * @internal
 */
final readonly class Granted
{
    public function __construct(
        public Lease|WholeLease $lease,
        public float $sentAtMs,
    ) {
    }
}
