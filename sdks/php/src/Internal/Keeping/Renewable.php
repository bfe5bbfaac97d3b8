<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Internal\Servers;
use OctoStore\StopToken;

/**
 * Something on the server that expires unless it is renewed: a lease or a session.
 *
 * @internal
 */
final readonly class Renewable
{
    public Lifetime $lifetime;

    /**
     * @param string $what for messages, such as `The lock a/b`
     * @param float $provedAtMs when the request that granted it or last renewed it was sent, on the monotonic clock
     * @param float $timeoutMs timeout of one attempt
     * @param \Closure(string, float, ?StopToken): Renewed $renew one attempt at a server until a given time, on the monotonic clock;
     *     throws `NotFoundException` if it no longer exists
     * @param ?Keeper $within the session that this belongs to and ends with
     * @param ?Held $held what is known about it, if it is a lease
     */
    public function __construct(
        public string $what,
        int $ttlSeconds,
        public float $provedAtMs,
        public float $timeoutMs,
        public Servers $servers,
        public \Closure $renew,
        public ?Keeper $within = null,
        public ?Held $held = null,
        public Observation $observation = new Observation(),
    ) {
        $this->lifetime = new Lifetime(1000 * $ttlSeconds);
    }
}
