<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

use OctoStore\Value\WantedLock;

/**
 * A request for a lease, and its place in line.
 *
 * @internal
 */
final class Ticket
{
    /** How long a place is kept after its request has ended. */
    private const KEPT_MS = 15_000.0;

    private float $keptUntilMs = INF;

    /** @param non-empty-array<string, WantedLock> $wanted by name */
    public function __construct(
        public readonly string $user,
        public readonly string $leaseId,
        public readonly array $wanted,
        public readonly int $ttlSeconds,
        public readonly ?string $metadata,
        public readonly ?string $sessionId,
        public readonly bool $proof,
        public readonly int $lockDelaySeconds,
        public readonly int $minHoldSeconds,
        public readonly float $sinceMs,
    ) {
    }

    public function isAsking(): bool
    {
        return $this->keptUntilMs === INF;
    }

    public function ask(): void
    {
        $this->keptUntilMs = INF;
    }

    public function pause(float $nowMs): void
    {
        $this->keptUntilMs = $nowMs + self::KEPT_MS;
    }

    public function isOver(float $nowMs): bool
    {
        return $nowMs >= $this->keptUntilMs;
    }
}
