<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\StopToken;

/**
 * Something on the server that ends unless it is renewed: a lease or a session.
 *
 * @internal
 */
final readonly class Renewable
{
    public Lifetime $lifetime;

    /**
     * @param string $what for messages, such as `The lock a/b`
     * @param float $provedAtMs when the request was sent that granted it or last renewed it, on the monotonic clock
     * @param float $timeoutMs longest time for one attempt
     * @param \Closure(float, ?StopToken): float $renew one attempt until a time; returns when it was sent, both on the monotonic clock,
     *     and throws `NotFoundException` if there is nothing any more to renew
     * @param ?Keeper $within what this ends with at the latest
     */
    public function __construct(
        public string $what,
        int $ttlSeconds,
        public float $provedAtMs,
        public float $timeoutMs,
        public \Closure $renew,
        public ?Keeper $within = null,
    ) {
        $this->lifetime = new Lifetime(1000 * $ttlSeconds);
    }
}
