<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

/**
 * A session of the server.
 *
 * @internal
 */
final class FakeSession
{
    public function __construct(
        public readonly string $id,
        public readonly string $user,
        public readonly int $ttlSeconds,
        public float $expiresAtMs,
    ) {
    }

    public function keepAlive(float $nowMs): void
    {
        $this->expiresAtMs = $nowMs + 1000 * $this->ttlSeconds;
    }
}
