<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

use OctoStore\Transport\Request;
use OctoStore\Value\LockMode;
use OctoStore\Value\WantedLock;

/**
 * Answers the HTTP API from memory. The token of a request is the login of its user.
 *
 * @internal
 */
final class FakeServer
{
    public readonly Leasing $leasing;

    /** Whether no one can connect to it. */
    public bool $isDown = false;

    /** @var list<string> the methods and paths of all requests */
    public array $requests = [];

    /** @var array<string, array{user: string, ttlMs: float, expiresAtMs: float}> */
    private array $sessions = [];

    /** @var array<string, int> the highest tokens by fences */
    private array $fences = [];

    private int $count = 0;

    /** @param list<string> $administrators */
    public function __construct(public readonly TestClock $clock, public array $administrators = [])
    {
        $this->leasing = new Leasing($clock);
    }

    /** Ends the sessions that are over, with their leases. */
    public function settle(): void
    {
        foreach ($this->sessions as $id => $session) {
            if ($session['expiresAtMs'] <= $this->clock->nowMs()) {
                $this->endSession($id);
            }
        }
        $this->leasing->settle();
    }

    /** When something ends by itself next. */
    public function nextEndMs(): float
    {
        return min([$this->leasing->nextEndMs(), ...array_column($this->sessions, 'expiresAtMs')]);
    }

    public static function userOf(Request $request): string
    {
        return substr($request->headers['Authorization'] ?? '', strlen('Bearer '));
    }

    /**
     * @param array<string, mixed> $body
     * @return array<mixed>|string the body of a successful response
     * @throws Refusal
     */
    public function answer(Request $request, array $body): array|string
    {
        $this->settle();
        [$path, $query] = [...explode('?', $request->path, 2), ''];
        $parts = array_map(rawurldecode(...), explode('/', trim($path, '/')));
        $user = self::userOf($request);

        return match ($parts[0]) {
            'health' => "OK\n",
            'locks' => $this->answerLocks($request->method, $user, $parts, $body, $query),
            'leases' => $this->answerLeases($request->method, $user, $parts, $body),
            'queues' => $this->answerQueues($request->method, $user, $parts),
            'fences' => $this->answerFences($parts, $body),
            'sessions' => $this->answerSessions($request->method, $user, $parts, $body),
            default => throw self::unsupported(),
        };
    }

    /**
     * The request for a lease that it is; null if it is another request.
     *
     * @param array<string, mixed> $body
     */
    public function ticketOf(Request $request, array $body): ?Ticket
    {
        $parts = explode('/', trim($request->path, '/'));
        $isOfOne = $parts[0] === 'locks' && ($parts[2] ?? '') === 'acquire';
        if ($request->method !== 'POST' || (!$isOfOne && $parts !== ['leases'])) {
            return null;
        }
        $wanted = [];
        foreach ($isOfOne ? [['name' => rawurldecode($parts[1])] + $body] : $body['locks'] as $lock) {
            $mode = isset($lock['mode']) ? LockMode::from($lock['mode']) : null;
            $wanted[$lock['name']] = new WantedLock($lock['name'], $mode, $lock['limit'] ?? null, $lock['permits'] ?? null);
        }
        $sessionId = $body['session_id'] ?? null;
        if ($sessionId !== null) {
            $this->session(self::userOf($request), $sessionId);
        }

        return new Ticket(
            self::userOf($request),
            $body['lease_id'],
            $wanted,
            $body['ttl_seconds'],
            $body['metadata'] ?? null,
            $sessionId,
            $body['proof'] ?? false,
            $body['lock_delay_seconds'] ?? 0,
            $body['min_hold_seconds'] ?? 0,
            $this->clock->nowMs(),
        );
    }

    /**
     * @param list<string> $parts
     * @param array<string, mixed> $body
     * @return array<mixed>
     */
    private function answerLocks(string $method, string $user, array $parts, array $body, string $query): array
    {
        $name = $parts[1] ?? null;
        if ($name === null) {
            return $this->listLocks($user, $query);
        }
        if ($method === 'GET' && !isset($parts[2])) {
            return $this->status($user, $name);
        }
        $lease = fn (): FakeLease => $this->leasing->lease($user, $body['lease_id'], $name);

        return match ($parts[2] ?? '') {
            'renew' => $this->renew($lease(), $name, $body),
            'release' => $this->release($lease()),
            'convert' => $this->convert($lease(), $name, LockMode::from($body['mode'])),
            'break' => $this->break($user, $name, $body),
            'request-release' => $this->requestRelease($user, $name, $body['message'] ?? null),
            default => throw self::unsupported(),
        };
    }

    /**
     * @param list<string> $parts
     * @param array<string, mixed> $body
     * @return array<string, mixed>
     */
    private function answerLeases(string $method, string $user, array $parts, array $body): array
    {
        $lease = $this->leasing->lease($user, $parts[1] ?? '');

        return match (true) {
            $method === 'DELETE' => $this->release($lease),
            $method === 'GET' => $lease->reply('held', null, false),
            default => $this->renew($lease, null, $body),
        };
    }

    /**
     * @param list<string> $parts
     * @return array<string, mixed>
     */
    private function answerQueues(string $method, string $user, array $parts): array
    {
        if ($method === 'DELETE') {
            return $this->leasing->leaveLine($user, $parts[2])
                ? ['status' => 'left']
                : throw new Refusal(404, 'place_not_found', 'You have no such place in line.');
        }
        $line = $this->leasing->line($parts[1]);
        $places = [];
        foreach ($line as $index => $ticket) {
            $wanted = $ticket->wanted[$parts[1]];
            $places[] = [
                'position' => $index + 1,
                'holder' => $ticket->user,
                'holder_id' => Replies::id($ticket->user),
                'since' => Replies::date($ticket->sinceMs),
                'mode' => $wanted->limit === null ? ($wanted->mode ?? LockMode::Exclusive)->value : 'counted',
                'limit' => $wanted->limit,
                'permits' => $wanted->permits,
                'asking' => $ticket->isAsking(),
                'lease_id' => $ticket->user === $user ? $ticket->leaseId : null,
            ];
        }

        return ['name' => $parts[1], 'waiters' => self::asking($line), 'total' => count($line), 'queue' => $places];
    }

    /**
     * @param list<string> $parts
     * @param array<string, mixed> $body
     * @return array<string, mixed>
     */
    private function answerFences(array $parts, array $body): array
    {
        [, $name] = $parts;
        $highest = $this->fences[$name] ?? 0;
        $token = $body['fencing_token'] ?? $highest;
        if ($token < $highest) {
            throw new Refusal(409, 'stale_fencing_token', 'The fence has seen a higher token.', ['highest' => $highest]);
        }
        if (($parts[2] ?? '') === 'advance') {
            $highest = $this->fences[$name] = $token;
        }

        return ['name' => $name, 'highest' => $highest];
    }

    /**
     * @param list<string> $parts
     * @param array<string, mixed> $body
     * @return array<string, mixed>|string
     */
    private function answerSessions(string $method, string $user, array $parts, array $body): array|string
    {
        $id = $parts[1] ?? null;
        if ($id === null) {
            $id = Replies::id('session ' . ++$this->count);
            $ttlMs = 1000.0 * $body['ttl_seconds'];
            $this->sessions[$id] = ['user' => $user, 'ttlMs' => $ttlMs, 'expiresAtMs' => $this->clock->nowMs() + $ttlMs];
        } else {
            $this->session($user, $id);
        }
        if ($method === 'DELETE') {
            $this->endSession($id);

            return '';
        }
        if (($parts[2] ?? '') === 'keepalive') {
            $this->sessions[$id]['expiresAtMs'] = $this->clock->nowMs() + $this->sessions[$id]['ttlMs'];
        }

        return [
            'session_id' => $id,
            'keepalive_interval_secs' => (int) ($this->sessions[$id]['ttlMs'] / 3000),
            'expires_at' => Replies::date($this->sessions[$id]['expiresAtMs']),
            'user_id' => Replies::id($user),
            'lock_count' => $this->leasing->countOf($id),
            'active' => true,
        ];
    }

    /** @return array{user: string, ttlMs: float, expiresAtMs: float} */
    private function session(string $user, string $id): array
    {
        $session = $this->sessions[$id] ?? null;

        return $session !== null && $session['user'] === $user
            ? $session
            : throw new Refusal(404, 'session_not_found', 'You have no such session.');
    }

    private function endSession(string $id): void
    {
        unset($this->sessions[$id]);
        $this->leasing->endSession($id);
    }

    /**
     * @param array<string, mixed> $body
     * @return array<string, mixed>
     */
    private function renew(FakeLease $lease, ?string $name, array $body): array
    {
        $lease->expiresAtMs = $this->clock->nowMs() + 1000 * $body['ttl_seconds'];

        return $lease->reply('held', $name, $body['proof'] ?? false);
    }

    /** @return array<string, mixed> */
    private function release(FakeLease $lease): array
    {
        $this->leasing->release($lease);

        return ['status' => 'released'];
    }

    /** @return array<string, mixed> */
    private function convert(FakeLease $lease, string $name, LockMode $mode): array
    {
        $this->leasing->convert($lease, $name, $mode);

        return $lease->reply('held', $name, false);
    }

    /**
     * @param array<string, mixed> $body
     * @return array<string, mixed>
     */
    private function break(string $user, string $name, array $body): array
    {
        if (!in_array($user, $this->administrators, true)) {
            throw new Refusal(403, 'admin_required', 'Only administrators can break a lock.');
        }

        return $this->leasing->break($name, $user, $body['reason'], $body['fencing_token'] ?? null);
    }

    /** @return array<string, mixed> */
    private function requestRelease(string $user, string $name, ?string $message): array
    {
        $holders = $this->leasing->holders($name)
            ?: throw new Refusal(404, 'lock_not_found', 'No one holds this lock.');
        foreach ($holders as $lease) {
            $at = Replies::date($this->clock->nowMs());
            $lease->releaseRequested = ['by' => $user, 'message' => $message, 'at' => $at];
        }

        return ['status' => 'requested'];
    }

    /** @return array<string, mixed> */
    private function status(string $user, string $name): array
    {
        $holders = $this->leasing->holders($name);
        $facts = ['name' => $name, 'waiters' => self::asking($this->leasing->line($name))];
        if ($holders === []) {
            $untilMs = $this->leasing->delayedUntilMs($name);

            return $facts + [
                'status' => $untilMs === null ? 'available' : 'delayed',
                'message' => 'No one holds this lock.',
                'fencing_token' => $this->leasing->lastToken(),
                'available_at' => $untilMs === null ? null : Replies::date($untilMs),
            ];
        }
        $slots = array_merge(...array_map(static fn (FakeLease $lease): array => $lease->locks[$name]->slots ?? [], $holders));

        return $facts + ['status' => 'held'] + $this->shown($user, $holders[0], $name) + [
            'holder_count' => count($holders),
            'permits_in_use' => $slots === [] ? null : count($slots),
            'holders' => array_map(fn (FakeLease $lease): array => $this->shown($user, $lease, $name), $holders),
        ];
    }

    /** @return array<string, mixed> */
    private function listLocks(string $user, string $query): array
    {
        parse_str($query, $asked);
        $locks = [];
        foreach ($this->leasing->names() as $name) {
            $lease = $this->leasing->holders($name)[0];
            $isWanted = str_starts_with($name, $asked['prefix'] ?? '');
            if ($isWanted && (($asked['owner'] ?? '') !== 'me' || $lease->ticket->user === $user)) {
                $locks[] = $this->shown($user, $lease, $name);
            }
        }

        return ['locks' => $locks, 'next_cursor' => null];
    }

    /** @return array<string, mixed> a lease as the user may see it */
    private function shown(string $user, FakeLease $lease, string $name): array
    {
        $leaseId = $lease->ticket->user === $user ? $lease->ticket->leaseId : null;

        return ['lease_id' => $leaseId] + $lease->facts() + $lease->lock($name);
    }

    /** @param list<Ticket> $line */
    private static function asking(array $line): int
    {
        return count(array_filter($line, static fn (Ticket $ticket): bool => $ticket->isAsking()));
    }

    private static function unsupported(): Refusal
    {
        return new Refusal(501, 'not_supported', 'The test double does not support this request.');
    }
}
