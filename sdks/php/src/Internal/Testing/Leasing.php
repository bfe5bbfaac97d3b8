<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

use OctoStore\Value\LeaseLock;
use OctoStore\Value\LockMode;
use OctoStore\Value\WantedLock;

/**
 * The locks with their holders and waiters, by the rules of the server.
 *
 * @internal
 */
final class Leasing
{
    /** @var list<FakeLease> in the order in which they were granted */
    private array $leases = [];

    /** @var list<Ticket> the line, in the order of arrival */
    private array $line = [];

    /** @var array<string, float> until when no one gets a lock */
    private array $delays = [];

    private int $lastToken = 0;

    private readonly OwnLeases $own;

    public function __construct(private readonly TestClock $clock, private readonly Past $past)
    {
        $this->own = new OwnLeases($past);
    }

    /** When a lease or a delay ends by itself next. */
    public function nextEndMs(): float
    {
        $leaseEnds = array_map(static fn (FakeLease $lease): float => $lease->expiresAtMs(), $this->leases);

        return min([INF, ...array_values($this->delays), ...$leaseEnds]);
    }

    public function lastToken(): int
    {
        return $this->lastToken;
    }

    /** Ends what is over. */
    public function settle(): void
    {
        $nowMs = $this->clock->nowMs();
        foreach ($this->leases as $lease) {
            if ($lease->expiresAtMs() <= $nowMs) {
                $this->expire($lease);
            }
        }
        $this->delays = array_filter($this->delays, static fn (float $untilMs): bool => $untilMs > $nowMs);
        $this->line = array_values(array_filter($this->line, static fn (Ticket $ticket): bool => !$ticket->isOver($nowMs)));
    }

    /**
     * Joins the line, or goes on in the place that is kept.
     *
     * @return bool whether it is in line
     * @throws Refusal if the place is for something else
     */
    public function join(Ticket $ticket, bool $waits): bool
    {
        $this->settle();
        if ($this->own->repeated($this->leases, $ticket) !== null) {
            return false;
        }
        if ($ticket->isChosen) {
            $this->past->refuseBroken($ticket->user, $ticket->leaseId);
        }
        $place = $this->own->place($this->line, $ticket);
        if ($place !== null) {
            $ticket->sinceMs = $place->sinceMs;
            $this->line[(int) array_search($place, $this->line, true)] = $ticket;
        } elseif ($waits) {
            $this->line[] = $ticket;
        }

        return $place !== null || $waits;
    }

    /**
     * Leaves the line, but keeps the place for a while.
     *
     * @return array{position: int, waiters: int} its place in the line of a lock, and how many others wait
     */
    public function pause(Ticket $ticket, string $name): array
    {
        $position = $this->position($ticket, $name);
        $ticket->pause($this->clock->nowMs());
        $asking = array_filter($this->line($name), static fn (Ticket $other): bool => $other->isAsking());

        return ['position' => $position, 'waiters' => count($asking)];
    }

    /** A place among the requests that are asking for a lock. The first one is 1. */
    public function position(Ticket $ticket, string $name): int
    {
        $position = 1;
        foreach ($this->line($name) as $earlier) {
            if ($earlier === $ticket) {
                break;
            }
            $position += $earlier->isAsking() ? 1 : 0;
        }

        return $position;
    }

    /**
     * @return array<string, mixed> the reply
     * @throws Refusal if it is not possible now
     */
    public function grant(Ticket $ticket): array
    {
        $this->settle();
        $nowMs = $this->clock->nowMs();
        $repeated = $this->own->repeated($this->leases, $ticket);
        if ($repeated !== null) {
            return $repeated->reply('held', $ticket->lock, $ticket->proof, $nowMs);
        }
        if ($ticket->isChosen) {
            $this->past->refuseBroken($ticket->user, $ticket->leaseId);
        }
        $this->checkSession($ticket);
        foreach ($ticket->wanted as $wanted) {
            $this->checkFree($wanted, $ticket);
        }
        $this->line = array_values(array_filter($this->line, static fn (Ticket $place): bool => $place !== $ticket));
        $lease = new FakeLease($ticket, array_map($this->lockOf(...), $ticket->wanted), ++$this->lastToken, $nowMs);
        $this->leases[] = $lease;

        return $lease->reply('acquired', $ticket->lock, $ticket->proof, $nowMs);
    }

    /** @throws Refusal if the user has no such lease */
    public function lease(string $user, string $leaseId, ?string $name = null): FakeLease
    {
        $this->settle();

        return $this->own->find($this->leases, $user, $leaseId, $name);
    }

    public function release(FakeLease $lease): void
    {
        $this->end($lease, $lease->keptUntilMs());
    }

    public function endSession(FakeSession $session, bool $hasExpired): void
    {
        foreach ($this->leasesOf($session) as $lease) {
            $hasExpired ? $this->expire($lease) : $this->release($lease);
        }
    }

    /** @throws Refusal if others hold it too, or it is counted */
    public function convert(FakeLease $lease, string $name, LockMode $mode): void
    {
        $held = $lease->locks[$name];
        if ($held->mode === LockMode::Counted) {
            throw Validation::invalid('A counted lock has no other mode.');
        }
        if ($held->mode === $mode) {
            return;
        }
        if ($mode === LockMode::Exclusive) {
            foreach ($this->holders($name) as $other) {
                if ($other !== $lease) {
                    throw $this->conflict('lock_held', $name, $other);
                }
            }
            $lease->fencingToken = ++$this->lastToken;
        }
        $lease->locks[$name] = new LeaseLock($name, $mode);
    }

    /**
     * @return array<string, mixed> the reply
     * @throws Refusal if there is nothing to break
     */
    public function break(string $name, string $by, string $reason, ?int $fencingToken): array
    {
        $nowMs = $this->clock->nowMs();
        $broken = array_values(array_filter(
            $this->holders($name),
            static fn (FakeLease $lease): bool => $fencingToken === null || $lease->fencingToken === $fencingToken,
        ));
        $endsDelay = $broken === [] && isset($this->delays[$name]);
        if ($broken === [] && !$endsDelay) {
            throw new Refusal(404, 'lock_not_found', 'No one holds this lock.');
        }
        unset($this->delays[$name]);
        foreach ($broken as $lease) {
            $this->past->addBroken($lease, $by, $reason);
            $this->end($lease, $nowMs + 1000 * $lease->ticket->lockDelaySeconds);
        }

        return [
            'status' => 'broken',
            'name' => $name,
            'lease_count' => count($broken),
            'fencing_tokens' => array_column($broken, 'fencingToken'),
            'ended_delay' => $endsDelay,
        ];
    }

    /** @return list<FakeLease> in the order in which they were granted */
    public function holders(string $name): array
    {
        $this->settle();

        return array_values(array_filter($this->leases, static fn (FakeLease $lease): bool => isset($lease->locks[$name])));
    }

    /** How many locks a session holds. */
    public function countOf(FakeSession $session): int
    {
        return array_sum(array_map(
            static fn (FakeLease $lease): int => count($lease->locks),
            $this->leasesOf($session),
        ));
    }

    /** @return list<FakeLease> in the order in which they were granted */
    public function leases(): array
    {
        $this->settle();

        return $this->leases;
    }

    /** @return list<Ticket> */
    public function line(string $name): array
    {
        $this->settle();

        return array_values(array_filter($this->line, static fn (Ticket $ticket): bool => isset($ticket->wanted[$name])));
    }

    public function delayedUntilMs(string $name): ?float
    {
        $this->settle();

        return $this->delays[$name] ?? null;
    }

    /**
     * Gives up the places of a lease in the line of a lock, or in any line.
     *
     * @return bool whether there were any
     */
    public function leaveLine(string $user, string $leaseId, ?string $name = null): bool
    {
        $before = count($this->line);
        $this->line = array_values(array_filter(
            $this->line,
            static fn (Ticket $ticket): bool => $ticket->user !== $user
                || $ticket->leaseId !== $leaseId
                || ($name !== null && !isset($ticket->wanted[$name])),
        ));

        return count($this->line) < $before;
    }

    /** @return list<FakeLease> */
    private function leasesOf(FakeSession $session): array
    {
        return array_values(array_filter(
            $this->leases,
            static fn (FakeLease $lease): bool => $lease->ticket->session === $session,
        ));
    }

    /** Nothing is granted to a session that has ended meanwhile. */
    private function checkSession(Ticket $ticket): void
    {
        if ($ticket->session !== null && $ticket->session->expiresAtMs <= $this->clock->nowMs()) {
            $this->past->refuseExpired($ticket->user, $ticket->session->id);
            throw new Refusal(404, 'session_not_found', 'You have no such session.');
        }
    }

    private function checkFree(WantedLock $wanted, Ticket $ticket): void
    {
        if (isset($this->delays[$wanted->name])) {
            throw $this->conflict('lock_delayed', $wanted->name, null);
        }
        $holders = $this->holders($wanted->name);
        foreach ($holders as $holder) {
            $held = $holder->locks[$wanted->name];
            $isMismatch = $held->limit !== null && $wanted->limit !== null && $held->limit !== $wanted->limit;
            if ($isMismatch) {
                throw $this->conflict('limit_mismatch', $wanted->name, $holder);
            }
            if ($held->mode !== self::modeOf($wanted) || $held->mode === LockMode::Exclusive) {
                throw $this->conflict('lock_held', $wanted->name, $holder);
            }
        }
        if ($wanted->limit !== null && count($this->takenSlots($wanted->name)) + ($wanted->permits ?? 1) > $wanted->limit) {
            throw $this->conflict('lock_held', $wanted->name, $holders[0] ?? null);
        }
        foreach ($this->line($wanted->name) as $earlier) {
            if ($earlier === $ticket) {
                return;
            }
            if ($earlier->isAsking()) {
                throw $this->conflict('lock_queued', $wanted->name, null);
            }
        }
    }

    private function conflict(string $code, string $name, ?FakeLease $holder): Refusal
    {
        $nowMs = $this->clock->nowMs();
        $untilMs = $holder?->expiresAtMs() ?? $this->delays[$name] ?? $nowMs;
        $facts = $holder?->facts();

        return new Refusal(409, $code, "The lock $name is not available: $code.", [
            'status' => $holder === null ? substr($code, strlen('lock_')) : 'held',
            'holder_id' => $facts['holder_id'] ?? null,
            'expires_at' => Replies::date($untilMs),
            'metadata' => $facts['metadata'] ?? null,
            'limit' => $code === 'limit_mismatch' ? $holder?->locks[$name]->limit : null,
            'lock' => ['name' => $name, 'holder' => $facts['holder'] ?? null, 'expires_at' => Replies::date($untilMs)],
            'retry_after_ms' => (int) ceil($untilMs - $nowMs),
        ]);
    }

    private function lockOf(WantedLock $wanted): LeaseLock
    {
        if ($wanted->limit === null) {
            return new LeaseLock($wanted->name, self::modeOf($wanted));
        }
        $free = array_values(array_diff(range(0, $wanted->limit - 1), $this->takenSlots($wanted->name)));
        $permits = $wanted->permits ?? 1;

        return new LeaseLock($wanted->name, LockMode::Counted, $wanted->limit, $permits, array_slice($free, 0, $permits));
    }

    /** @return list<int> */
    private function takenSlots(string $name): array
    {
        return array_merge(...array_map(
            static fn (FakeLease $lease): array => $lease->locks[$name]->slots ?? [],
            $this->holders($name),
        ));
    }

    private function expire(FakeLease $lease): void
    {
        $this->end($lease, $lease->expiresAtMs() + 1000 * $lease->ticket->lockDelaySeconds);
    }

    private function end(FakeLease $ended, float $delayedUntilMs): void
    {
        $this->leases = array_values(array_filter($this->leases, static fn (FakeLease $lease): bool => $lease !== $ended));
        if ($delayedUntilMs > $this->clock->nowMs()) {
            foreach ($ended->locks as $name => $lock) {
                if ($lock->mode === LockMode::Exclusive) {
                    $this->delays[$name] = $delayedUntilMs;
                }
            }
        }
    }

    private static function modeOf(WantedLock $wanted): LockMode
    {
        return $wanted->limit === null ? $wanted->mode ?? LockMode::Exclusive : LockMode::Counted;
    }
}
