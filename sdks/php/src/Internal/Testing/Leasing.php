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
    /** @var array<string, FakeLease> by id and user */
    private array $leases = [];

    /** @var list<Ticket> the line, in the order of arrival */
    private array $line = [];

    /** @var array<string, float> until when no one gets a lock */
    private array $delays = [];

    /** @var array<string, array<string, mixed>> what former holders of broken leases are told, by id and user */
    private array $breaks = [];

    private int $lastToken = 0;

    public function __construct(private readonly TestClock $clock)
    {
    }

    /** When a lease or a delay ends by itself next. */
    public function nextEndMs(): float
    {
        return min([INF, ...array_values($this->delays), ...array_values(array_column($this->leases, 'expiresAtMs'))]);
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
            if ($lease->expiresAtMs <= $nowMs) {
                $this->end($lease, $lease->expiresAtMs + 1000 * $lease->ticket->lockDelaySeconds);
            }
        }
        $this->delays = array_filter($this->delays, static fn (float $untilMs): bool => $untilMs > $nowMs);
        $this->line = array_values(array_filter($this->line, static fn (Ticket $ticket): bool => !$ticket->isOver($nowMs)));
    }

    /** Joins the line, or goes on in the place that is kept. */
    public function join(Ticket $ticket): Ticket
    {
        foreach ($this->line as $place) {
            if ($place->leaseId === $ticket->leaseId && $place->user === $ticket->user) {
                $place->ask();

                return $place;
            }
        }
        $this->line[] = $ticket;

        return $ticket;
    }

    /**
     * Leaves the line, but keeps the place for a while.
     *
     * @return array{position: ?int, waiters: int} its place in the line of a lock, and how many others wait
     */
    public function pause(Ticket $ticket, string $name): array
    {
        $asking = array_filter($this->line($name), static fn (Ticket $other): bool => $other->isAsking());
        $index = array_search($ticket, array_values($asking), true);
        $ticket->pause($this->clock->nowMs());

        return [
            'position' => is_int($index) ? $index + 1 : null,
            'waiters' => count($asking) - (is_int($index) ? 1 : 0),
        ];
    }

    /**
     * @return array<string, mixed> the reply
     * @throws Refusal if it is not possible now
     */
    public function grant(Ticket $ticket, ?string $name): array
    {
        $this->settle();
        $key = self::key($ticket->user, $ticket->leaseId);
        if (isset($this->breaks[$key])) {
            throw new Refusal(410, 'lease_broken', 'The lease was broken.', $this->breaks[$key]);
        }
        $existing = $this->leases[$key] ?? null;
        if ($existing !== null) {
            return $existing->reply('held', $name, $ticket->proof);
        }
        foreach ($ticket->wanted as $wanted) {
            $this->checkFree($wanted, $ticket);
        }
        $this->leaveLine($ticket->user, $ticket->leaseId);
        $nowMs = $this->clock->nowMs();
        $lease = new FakeLease(
            $ticket,
            array_map($this->lockOf(...), $ticket->wanted),
            ++$this->lastToken,
            $nowMs + 1000 * $ticket->ttlSeconds,
            $nowMs + 1000 * $ticket->minHoldSeconds,
        );
        $this->leases[$key] = $lease;

        return $lease->reply('acquired', $name, $ticket->proof);
    }

    /** @throws Refusal if the user has no such lease */
    public function lease(string $user, string $leaseId, ?string $name = null): FakeLease
    {
        $this->settle();
        $key = self::key($user, $leaseId);
        $lease = $this->leases[$key] ?? null;
        if ($lease !== null && ($name === null || isset($lease->locks[$name]))) {
            return $lease;
        }
        throw isset($this->breaks[$key])
            ? new Refusal(410, 'lease_broken', 'The lease was broken.', $this->breaks[$key])
            : new Refusal(404, 'lock_not_found', 'You do not hold this lock.');
    }

    public function release(FakeLease $lease): void
    {
        $this->end($lease, $lease->keptUntilMs);
    }

    public function endSession(string $sessionId): void
    {
        foreach ($this->leases as $lease) {
            if ($lease->ticket->sessionId === $sessionId) {
                $this->end($lease, $this->clock->nowMs() + 1000 * $lease->ticket->lockDelaySeconds);
            }
        }
    }

    /** @throws Refusal if others hold it too, or it is counted */
    public function convert(FakeLease $lease, string $name, LockMode $mode): void
    {
        $held = $lease->locks[$name];
        if ($held->mode === LockMode::Counted) {
            throw new Refusal(422, 'validation_failed', 'A counted lock has no other mode.');
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
            $told = ['reason' => $reason, 'broken_by' => $by, 'broken_at' => Replies::date($nowMs)];
            $this->breaks[self::key($lease->ticket->user, $lease->ticket->leaseId)] = $told;
            $this->end($lease, $nowMs + 1000 * $lease->ticket->lockDelaySeconds);
        }

        return [
            'status' => 'broken',
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
    public function countOf(string $sessionId): int
    {
        $isOfSession = static fn (FakeLease $lease): bool => $lease->ticket->sessionId === $sessionId;

        return array_sum(array_map(
            static fn (FakeLease $lease): int => count($lease->locks),
            array_filter($this->leases, $isOfSession),
        ));
    }

    /** @return list<string> the names of all locks that are held, sorted */
    public function names(): array
    {
        $this->settle();
        $names = array_merge(...array_map(
            static fn (FakeLease $lease): array => array_keys($lease->locks),
            array_values($this->leases),
        ));
        $names = array_values(array_unique(array_map(strval(...), $names)));
        sort($names);

        return $names;
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

    /** False if there is no such place. */
    public function leaveLine(string $user, string $leaseId): bool
    {
        $before = count($this->line);
        $this->line = array_values(array_filter(
            $this->line,
            static fn (Ticket $ticket): bool => $ticket->user !== $user || $ticket->leaseId !== $leaseId,
        ));

        return count($this->line) < $before;
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
        $facts = $holder?->facts();
        $expiresAt = $facts['expires_at'] ?? Replies::date($this->delays[$name] ?? $this->clock->nowMs());
        $isHeld = $code === 'lock_held' || $code === 'limit_mismatch';

        return new Refusal(409, $code, "The lock $name is not available: $code.", [
            'status' => 'held',
            'holder_id' => $isHeld ? $facts['holder_id'] ?? null : null,
            'expires_at' => $expiresAt,
            'metadata' => $isHeld ? $facts['metadata'] ?? null : null,
            'limit' => $code === 'limit_mismatch' ? $holder?->locks[$name]->limit : null,
            'lock' => ['name' => $name, 'holder' => $isHeld ? $facts['holder'] ?? null : null, 'expires_at' => $expiresAt],
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

    private function end(FakeLease $lease, float $delayedUntilMs): void
    {
        unset($this->leases[self::key($lease->ticket->user, $lease->ticket->leaseId)]);
        if ($delayedUntilMs > $this->clock->nowMs()) {
            foreach (array_keys($lease->locks) as $name) {
                $this->delays[$name] = $delayedUntilMs;
            }
        }
    }

    private static function modeOf(WantedLock $wanted): LockMode
    {
        return $wanted->limit === null ? $wanted->mode ?? LockMode::Exclusive : LockMode::Counted;
    }

    private static function key(string $user, string $leaseId): string
    {
        return "$leaseId $user";
    }
}
