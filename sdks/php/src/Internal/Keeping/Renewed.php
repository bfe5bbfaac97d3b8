<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

/**
 * A renewal that has succeeded.
 *
 * @internal
 */
final readonly class Renewed
{
    /**
     * @param float $sentAtMs when it was sent, on the monotonic clock
     * @param ?LeaseFacts $facts what it says about the lease; null for a session
     */
    public function __construct(
        public float $sentAtMs,
        public ?LeaseFacts $facts = null,
    ) {
    }
}
