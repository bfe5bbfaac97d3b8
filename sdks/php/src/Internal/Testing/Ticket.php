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

    /**
     * @param ?string $lock its lock; null if it asks by the route of several
     * @param bool $isChosen whether the client knows the lease id, and so can come back to its place in line
     * @param non-empty-array<string, WantedLock> $wanted by name
     */
    public function __construct(
        public readonly string $user,
        public readonly ?string $lock,
        public readonly string $leaseId,
        public readonly bool $isChosen,
        public readonly array $wanted,
        public readonly int $ttlSeconds,
        public readonly ?string $metadata,
        public readonly ?FakeSession $session,
        public readonly bool $proof,
        public readonly int $lockDelaySeconds,
        public readonly int $minHoldSeconds,
        public float $sinceMs,
    ) {
    }

    /** @param iterable<string> $names */
    public function wantsAnyOf(iterable $names): bool
    {
        foreach ($names as $name) {
            if (isset($this->wanted[$name])) {
                return true;
            }
        }

        return false;
    }

    /**
     * Whether it asks for these locks in the same way, in any order.
     *
     * @param array<string, WantedLock> $others by name
     */
    public function isSame(?FakeSession $session, array $others): bool
    {
        // Lists of equal values are equal, whatever their order.
        return $this->session === $session && $this->wanted == $others;
    }

    public function isAsking(): bool
    {
        return $this->keptUntilMs === INF;
    }

    public function pause(float $nowMs): void
    {
        $this->keptUntilMs = $this->isChosen ? $nowMs + self::KEPT_MS : $nowMs;
    }

    public function isOver(float $nowMs): bool
    {
        return $nowMs >= $this->keptUntilMs;
    }
}
