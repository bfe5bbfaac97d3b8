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
    private const LEFT_OUT = [
        'watch', 'webhooks', 'admin', 'auth', 'status', 'metrics', 'policy.schema.json', '.well-known', 'me', 'tokens',
    ];

    public readonly Leasing $leasing;

    /** Whether no one can connect to it. */
    public bool $isDown = false;

    /** @var list<string> the methods and paths of all requests */
    public array $requests = [];

    /** @var array<string, FakeSession> by id */
    private array $sessions = [];

    private readonly Past $past;

    /** @var array<string, int> the highest tokens by fences */
    private array $fences = [];

    private int $count = 0;

    /** @param list<string> $administrators */
    public function __construct(public readonly TestClock $clock, public array $administrators = [])
    {
        $this->past = new Past($clock);
        $this->leasing = new Leasing($clock, $this->past);
    }

    /** Ends the sessions that are over, with their leases. */
    public function settle(): void
    {
        foreach ($this->sessions as $session) {
            if ($session->expiresAtMs <= $this->clock->nowMs()) {
                $this->past->addExpired($session);
                $this->endSession($session, true);
            }
        }
        $this->leasing->settle();
    }

    /** When something ends by itself next. */
    public function nextEndMs(): float
    {
        $sessionEnds = array_map(static fn (FakeSession $session): float => $session->expiresAtMs, array_values($this->sessions));

        return min([$this->leasing->nextEndMs(), ...$sessionEnds]);
    }

    /**
     * @param array<string, mixed> $body
     * @return array{int, array<mixed>|string} the status and the body of a successful response
     * @throws Refusal
     */
    public function answer(Request $request, array $body): array
    {
        $this->settle();
        [$path, $query] = [...explode('?', $request->path, 2), ''];
        $parts = array_map(rawurldecode(...), explode('/', trim($path, '/')));
        if ($parts[0] === 'health') {
            return [200, "OK\n"];
        }
        $user = self::userOf($request);

        return match ($parts[0]) {
            'locks' => [200, $this->answerLocks($request->method, $user, $parts, $body, $query)],
            'leases' => [200, $this->answerLeases($request->method, $user, $parts, $body)],
            'queues' => [200, $this->answerQueues($request->method, $user, $parts)],
            'fences' => [200, $this->answerFences($parts, $body)],
            'sessions' => $this->answerSessions($request->method, $user, $parts, $body),
            default => throw self::nothingAt($parts),
        };
    }

    /**
     * The request for a lease that it is; null if it is another request.
     *
     * @param array<string, mixed> $body
     * @throws Refusal
     */
    public function ticketOf(Request $request, array $body): ?Ticket
    {
        $parts = explode('/', trim($request->path, '/'));
        $isOfOne = $parts[0] === 'locks' && ($parts[2] ?? '') === 'acquire';
        if ($request->method !== 'POST' || (!$isOfOne && $parts !== ['leases'])) {
            return null;
        }
        $user = self::userOf($request);
        $session = isset($body['session_id']) ? $this->session($user, $body['session_id']) : null;
        $lock = $isOfOne ? rawurldecode($parts[1]) : null;
        $wanted = $lock === null ? Validation::wanted($body) : [$lock => Validation::wantedLock($lock, $body)];

        return new Ticket(
            $user,
            $lock,
            $body['lease_id'] ?? Replies::id('lease ' . ++$this->count),
            isset($body['lease_id']),
            $wanted,
            Validation::leaseTtl($body),
            $body['metadata'] ?? null,
            $session,
            $body['proof'] ?? false,
            Validation::lockDelay($body, $wanted),
            Validation::minHold($body, $wanted),
            $this->clock->nowMs(),
        );
    }

    /** @throws Refusal if the request has no token */
    private static function userOf(Request $request): string
    {
        $header = $request->headers['Authorization'] ?? '';

        return str_starts_with($header, 'Bearer ')
            ? substr($header, strlen('Bearer '))
            : throw new Refusal(401, 'unauthorized', 'The token is missing.');
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
            'release' => $this->release($user, $body['lease_id'], $name),
            'convert' => $this->convert($lease(), $name, LockMode::from($body['mode'])),
            'break' => $this->break($user, $name, $body),
            'request-release' => $this->requestRelease($user, $name, $body['message'] ?? null),
            default => throw self::nothingAt($parts),
        };
    }

    /**
     * @param list<string> $parts
     * @param array<string, mixed> $body
     * @return array<string, mixed>
     */
    private function answerLeases(string $method, string $user, array $parts, array $body): array
    {
        $leaseId = $parts[1] ?? throw self::nothingAt($parts);
        $lease = fn (): FakeLease => $this->leasing->lease($user, $leaseId);

        return match ($method) {
            'DELETE' => $this->release($user, $leaseId, null),
            'GET' => $lease()->reply('held', null, false, $this->clock->nowMs()),
            default => $this->renew($lease(), null, $body),
        };
    }

    /**
     * @param list<string> $parts
     * @return array<string, mixed>
     */
    private function answerQueues(string $method, string $user, array $parts): array
    {
        if ($method === 'DELETE') {
            return $this->leasing->leaveLine($user, $parts[2], $parts[1])
                ? ['status' => 'left', 'message' => 'You left the line']
                : throw new Refusal(404, 'place_not_found', 'You have no such place in line.');
        }
        $line = $this->leasing->line($parts[1]);
        $places = [];
        foreach ($line as $ticket) {
            $wanted = $ticket->wanted[$parts[1]];
            $places[] = [
                'position' => $this->leasing->position($ticket, $parts[1]),
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
        if (!isset($parts[2])) {
            return ['name' => $name, 'highest' => $highest];
        }
        $token = Validation::fencingToken($body, $this->leasing->lastToken());
        if ($token < $highest) {
            throw new Refusal(409, 'stale_fencing_token', 'The fence has seen a higher token.', ['highest' => $highest]);
        }
        if ($parts[2] === 'advance') {
            $highest = $this->fences[$name] = $token;
        }

        return ['name' => $name, 'highest' => $highest];
    }

    /**
     * @param list<string> $parts
     * @param array<string, mixed> $body
     * @return array{int, array<string, mixed>|string}
     */
    private function answerSessions(string $method, string $user, array $parts, array $body): array
    {
        if (!isset($parts[1])) {
            return [201, $this->sessionReply($this->openSession($user, Validation::sessionTtl($body)))];
        }
        $session = $this->session($user, $parts[1]);
        if ($method === 'DELETE') {
            $this->endSession($session, false);

            return [204, ''];
        }
        if (($parts[2] ?? '') === 'keepalive') {
            $session->keepAlive($this->clock->nowMs());
        }

        return [200, $this->sessionReply($session)];
    }

    /** @return array<string, mixed> */
    private function sessionReply(FakeSession $session): array
    {
        return [
            'session_id' => $session->id,
            'keepalive_interval_secs' => intdiv($session->ttlSeconds, 2),
            'expires_at' => Replies::date($session->expiresAtMs),
            'user_id' => Replies::id($session->user),
            'lock_count' => $this->leasing->countOf($session),
            'active' => true,
        ];
    }

    private function openSession(string $user, int $ttlSeconds): FakeSession
    {
        $id = Replies::id('session ' . ++$this->count);
        $expiresAtMs = $this->clock->nowMs() + 1000 * $ttlSeconds;

        return $this->sessions[$id] = new FakeSession($id, $user, $ttlSeconds, $expiresAtMs);
    }

    /** @throws Refusal if the user has no such session */
    private function session(string $user, string $id): FakeSession
    {
        $session = $this->sessions[$id] ?? null;
        if ($session === null || $session->user !== $user) {
            $this->past->refuseExpired($user, $id);
            throw new Refusal(404, 'session_not_found', 'You have no such session.');
        }

        return $session;
    }

    private function endSession(FakeSession $session, bool $hasExpired): void
    {
        unset($this->sessions[$session->id]);
        $session->expiresAtMs = min($session->expiresAtMs, $this->clock->nowMs());
        $this->leasing->endSession($session, $hasExpired);
    }

    /**
     * @param array<string, mixed> $body
     * @return array<string, mixed>
     */
    private function renew(FakeLease $lease, ?string $name, array $body): array
    {
        $nowMs = $this->clock->nowMs();
        $lease->renew(Validation::leaseTtl($body), $nowMs);

        return $lease->reply('held', $name, $body['proof'] ?? false, $nowMs);
    }

    /**
     * @param ?string $name the lock by which the request names the lease
     * @return array<string, mixed>
     */
    private function release(string $user, string $leaseId, ?string $name): array
    {
        $this->leasing->leaveLine($user, $leaseId, $name);
        $this->leasing->release($this->leasing->lease($user, $leaseId, $name));

        return ['status' => 'released', 'message' => $name === null ? 'Lease released' : 'Lock released'];
    }

    /** @return array<string, mixed> */
    private function convert(FakeLease $lease, string $name, LockMode $mode): array
    {
        $this->leasing->convert($lease, $name, $mode);

        return $lease->reply('held', $name, false, $this->clock->nowMs());
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

        return ['status' => 'release_requested', 'message' => 'The holders learn of it when they next renew'];
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
                'message' => $untilMs === null ? 'Lock not currently held' : 'Lock not available yet',
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
        $prefix = $asked['prefix'] ?? null;
        $locks = [];
        foreach ($this->leasing->leases() as $lease) {
            $isWanted = ($asked['owner'] ?? '') !== 'me' || $lease->ticket->user === $user;
            foreach (array_map(strval(...), array_keys($isWanted ? $lease->locks : [])) as $name) {
                if (str_starts_with($name, $prefix ?? '')) {
                    $locks[] = ['status' => 'held'] + $this->shown($user, $lease, $name);
                }
            }
        }
        usort($locks, static fn (array $one, array $other): int => strcmp($one['name'], $other['name']));

        return ['locks' => $locks, 'total' => count($locks), 'prefix' => $prefix, 'next_cursor' => null];
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

    /**
     * What the double leaves out is not the same as what the server does not have.
     *
     * @param list<string> $parts of the path
     */
    private static function nothingAt(array $parts): Refusal
    {
        return in_array($parts[0], self::LEFT_OUT, true) || end($parts) === 'watch'
            ? new Refusal(501, 'not_in_double', 'The test double does not support this request.')
            : new Refusal(404, 'route_not_found', 'There is nothing at this address.');
    }
}
