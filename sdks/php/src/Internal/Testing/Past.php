<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

/**
 * What has ended, and is remembered for a while.
 *
 * @internal
 */
final class Past
{
    private const MEMORY_MS = 3_600_000.0;

    /** @var array<string, array{float, array<string, mixed>}> when leases were broken, and what their holders are told, by id and user */
    private array $broken = [];

    /** @var array<string, float> when sessions have expired, by id and user */
    private array $sessions = [];

    public function __construct(private readonly TestClock $clock)
    {
    }

    public function addBroken(FakeLease $lease, string $by, string $reason): void
    {
        $nowMs = $this->clock->nowMs();
        $told = ['reason' => $reason, 'broken_by' => $by, 'broken_at' => Replies::date($nowMs)];
        $this->broken[self::key($lease->ticket->user, $lease->ticket->leaseId)] = [$nowMs, $told];
    }

    public function addExpired(FakeSession $session): void
    {
        $this->sessions[self::key($session->user, $session->id)] = $session->expiresAtMs;
    }

    /** @throws Refusal if it was broken */
    public function refuseBroken(string $user, string $leaseId): void
    {
        [$atMs, $told] = $this->broken[self::key($user, $leaseId)] ?? [-INF, []];
        if ($this->isRemembered($atMs)) {
            throw new Refusal(410, 'lease_broken', 'The lease was broken.', $told);
        }
    }

    /** @throws Refusal if it has expired */
    public function refuseExpired(string $user, string $sessionId): void
    {
        if ($this->isRemembered($this->sessions[self::key($user, $sessionId)] ?? -INF)) {
            throw new Refusal(410, 'session_expired', 'The session has expired. Open a new one.');
        }
    }

    private function isRemembered(float $atMs): bool
    {
        return $atMs + self::MEMORY_MS >= $this->clock->nowMs();
    }

    private static function key(string $user, string $id): string
    {
        return "$id $user";
    }
}
