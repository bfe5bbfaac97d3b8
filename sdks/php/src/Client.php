<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\LockHeldException;
use OctoStore\Exception\LockLostException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\StoppedException;
use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Bearer;
use OctoStore\Internal\Calls\Caller;
use OctoStore\Internal\Checks;
use OctoStore\Internal\Election;
use OctoStore\Internal\Holder;
use OctoStore\Internal\Http\Sender;
use OctoStore\Internal\Leases\LeaseApi;
use OctoStore\Internal\Leases\OneLock;
use OctoStore\Internal\Leases\Renewal as LeaseRenewal;
use OctoStore\Internal\Leases\SeveralLocks;
use OctoStore\Internal\LockApi;
use OctoStore\Internal\ServerApi;
use OctoStore\Internal\Servers;
use OctoStore\Internal\SessionApi;
use OctoStore\Internal\WatchStream;
use OctoStore\Internal\Wish;
use OctoStore\Transport\CurlTransport;
use OctoStore\Transport\Transport;
use OctoStore\Value\CreatedSession;
use OctoStore\Value\EventType;
use OctoStore\Value\HandleEvent;
use OctoStore\Value\HeldLock;
use OctoStore\Value\KeptSession;
use OctoStore\Value\Lease;
use OctoStore\Value\LockBreak;
use OctoStore\Value\LockMode;
use OctoStore\Value\LockStatus;
use OctoStore\Value\PrefixState;
use OctoStore\Value\Queue;
use OctoStore\Value\SessionStatus;
use OctoStore\Value\StatusCounters;
use OctoStore\Value\WantedLock;
use OctoStore\Value\WholeLease;

/**
 * A user's access to an OctoStore server. Cheap to create, and safe to share. All methods throw an `OctoStoreException` if they fail. The
 * README says which error to expect when, and which calls are retried.
 */
final readonly class Client implements \Stringable
{
    public Webhooks $webhooks;
    public Fences $fences;
    public Leases $leases;

    private Caller $caller;
    private LockApi $locks;
    private LeaseApi $leaseApi;
    private SessionApi $sessions;
    private ServerApi $server;
    private Holder $holder;

    /**
     * @param string|list<string>|null $baseUrl `OCTOSTORE_BASE_URL` by default, or `http://localhost:3000` if that is not set; if the
     *     service runs on several servers, the URLs of all, in a list or separated by commas
     * @param string|(\Closure(): string)|null $token `OCTOSTORE_TOKEN` by default; without a token, only public requests work; a function
     *     is called for the first request, and again when the server has refused its last token, also in the process of a renewer
     * @param int $timeoutMs timeout of one HTTP attempt in milliseconds; an acquire that waits in line gets its wait on top
     * @param ?Renewal $renewal who renews locks and sessions; by default a background process, where possible
     * @param int $waitSliceSeconds how long one request waits in line at most, 1 to 60; a longer wait goes on with another request
     * @param bool $releaseOnExit closes the client's open locks and sessions, within a second in all, when the program ends, also after a
     *     fatal error, and on the command line at `SIGINT` and `SIGTERM`; earlier handlers of these signals run afterwards
     * @param ?Transport $transport carries the requests; curl by default
     * @param ?(\Closure(HandleEvent): void) $observer is told what happens to the client's locks and sessions; what it throws is logged
     * @throws ValidationException if a base URL or the token is not valid, or if background renewal is not possible here
     * @throws \RuntimeException if the system has no sockets left; forks share the token through one
     */
    public function __construct(
        string|array|null $baseUrl = null,
        #[\SensitiveParameter] string|\Closure|null $token = null,
        int $timeoutMs = Rules::TIMEOUT_MS_DEFAULT,
        ?Renewal $renewal = null,
        private int $waitSliceSeconds = Rules::WAIT_SLICE_SECONDS_DEFAULT,
        bool $releaseOnExit = false,
        ?Transport $transport = null,
        ?\Closure $observer = null,
    ) {
        $urls = Checks::baseUrls($baseUrl ?? (getenv('OCTOSTORE_BASE_URL') ?: Rules::DEFAULT_BASE_URL));
        $token ??= getenv('OCTOSTORE_TOKEN') ?: null;
        if (is_string($token)) {
            Checks::token($token);
        }
        Checks::timeout($timeoutMs);
        Checks::waitSlice($waitSliceSeconds);
        Checks::renewal($renewal);
        $this->caller = new Caller(
            new Servers($urls),
            new Sender($transport ?? new CurlTransport(), $timeoutMs),
            new Bearer($token, count($urls) * $timeoutMs),
        );
        $this->locks = new LockApi($this->caller);
        $this->leaseApi = new LeaseApi($this->caller);
        $this->leases = new Leases($this->leaseApi);
        $this->fences = new Fences($this->caller);
        $this->sessions = new SessionApi($this->caller);
        $this->server = new ServerApi($this->caller);
        $renewal ??= Renewal::default();
        $this->holder = new Holder($this->leaseApi, $this->sessions, $timeoutMs, $renewal, $releaseOnExit, $observer);
        $this->webhooks = new Webhooks($this->caller);
    }

    /** For logs and debugging, without the token. */
    public function __toString(): string
    {
        return self::class . "({$this->caller->servers})";
    }

    /**
     * Runs a function while holding a lock, and returns or throws what the function does. The lock is renewed meanwhile, and released
     * afterwards.
     *
     * @template T
     * @param callable(Lock): T $use
     * @param int $ttlSeconds how long the lease lasts without a renewal, 1 to 3600
     * @param int|float $waitSeconds how long to wait in line if someone else holds the lock, with no upper limit
     * @param ?string $metadata a note of at most 1024 bytes, shown to everyone who looks at the lock
     * @param ?Session $session when the session is lost or ends, so is the lock
     * @param ?StopToken $stop cancels the wait
     * @param ?int $waitSliceSeconds how long one request waits in line at most, 1 to 60; the client's by default
     * @param ?LockMode $mode `Shared` to hold it together with all others that say so; `Exclusive` by default
     * @param ?int $limit makes the lock counted: all that ask for it with the same limit share this many permits, 1 to 10,000
     * @param ?int $permits how many permits you want, 1 to `$limit`; 1 by default
     * @param bool $proof whether `Lock::proof()` has a proof for others
     * @param ?int $lockDelaySeconds how long no one gets the lock after its lease has expired or was broken, 0 to 60
     * @param ?int $minHoldSeconds how long no one else gets the lock after the grant, 0 to `$ttlSeconds`
     * @return T
     * @throws LockHeldException if the lock is still held after `$waitSeconds`
     * @throws StoppedException if you stop it while it waits
     * @throws LockLostException if the lock was lost while the function ran, and the function itself has not thrown
     */
    public function withLock(
        string $name,
        callable $use,
        int $ttlSeconds = Rules::TTL_SECONDS_DEFAULT,
        int|float $waitSeconds = 0,
        ?string $metadata = null,
        ?Session $session = null,
        ?StopToken $stop = null,
        ?int $waitSliceSeconds = null,
        ?LockMode $mode = null,
        ?int $limit = null,
        ?int $permits = null,
        bool $proof = false,
        ?int $lockDelaySeconds = null,
        ?int $minHoldSeconds = null,
    ): mixed {
        return self::useOf($use, $this->hold(
            $name,
            $ttlSeconds,
            $waitSeconds,
            $metadata,
            $session,
            $stop,
            $waitSliceSeconds,
            $mode,
            $limit,
            $permits,
            $proof,
            $lockDelaySeconds,
            $minHoldSeconds,
        ));
    }

    /**
     * Like `withLock()`, for several locks under one lease. You get all of them or none, and this cannot deadlock.
     *
     * @template T
     * @param list<string|WantedLock> $locks
     * @param callable(Lock): T $use
     * @return T
     * @throws LockHeldException if one of the locks is still held after `$waitSeconds`
     * @throws StoppedException if you stop it while it waits
     * @throws LockLostException if the locks were lost while the function ran, and the function itself has not thrown
     */
    public function withLocks(
        array $locks,
        callable $use,
        int $ttlSeconds = Rules::TTL_SECONDS_DEFAULT,
        int|float $waitSeconds = 0,
        ?string $metadata = null,
        ?Session $session = null,
        ?StopToken $stop = null,
        ?int $waitSliceSeconds = null,
        bool $proof = false,
        ?int $lockDelaySeconds = null,
        ?int $minHoldSeconds = null,
    ): mixed {
        return self::useOf($use, $this->holdAll(
            $locks,
            $ttlSeconds,
            $waitSeconds,
            $metadata,
            $session,
            $stop,
            $waitSliceSeconds,
            $proof,
            $lockDelaySeconds,
            $minHoldSeconds,
        ));
    }

    /**
     * Acquires a lock and renews it until it is closed. The parameters are those of `withLock()`.
     *
     * @throws LockHeldException if the lock is still held after `$waitSeconds`
     * @throws StoppedException if you stop it while it waits
     * @throws \RuntimeException if no process can be forked for the renewal
     */
    public function hold(
        string $name,
        int $ttlSeconds = Rules::TTL_SECONDS_DEFAULT,
        int|float $waitSeconds = 0,
        ?string $metadata = null,
        ?Session $session = null,
        ?StopToken $stop = null,
        ?int $waitSliceSeconds = null,
        ?LockMode $mode = null,
        ?int $limit = null,
        ?int $permits = null,
        bool $proof = false,
        ?int $lockDelaySeconds = null,
        ?int $minHoldSeconds = null,
    ): Lock {
        return $this->holder->hold(new Wish(
            new OneLock(new WantedLock($name, $mode, $limit, $permits)),
            $ttlSeconds,
            $waitSeconds,
            $metadata,
            $session?->sessionId,
            stop: $stop,
            waitSliceSeconds: $waitSliceSeconds ?? $this->waitSliceSeconds,
            proof: $proof,
            lockDelaySeconds: $lockDelaySeconds,
            minHoldSeconds: $minHoldSeconds,
        ), $session);
    }

    /**
     * Acquires several locks under one lease and renews it until it is closed. You get all of them or none, and this cannot deadlock. The
     * parameters are those of `withLocks()`.
     *
     * @param list<string|WantedLock> $locks
     * @throws LockHeldException if one of the locks is still held after `$waitSeconds`
     * @throws StoppedException if you stop it while it waits
     * @throws \RuntimeException if no process can be forked for the renewal
     */
    public function holdAll(
        array $locks,
        int $ttlSeconds = Rules::TTL_SECONDS_DEFAULT,
        int|float $waitSeconds = 0,
        ?string $metadata = null,
        ?Session $session = null,
        ?StopToken $stop = null,
        ?int $waitSliceSeconds = null,
        bool $proof = false,
        ?int $lockDelaySeconds = null,
        ?int $minHoldSeconds = null,
    ): Lock {
        return $this->holder->hold(new Wish(
            new SeveralLocks($locks),
            $ttlSeconds,
            $waitSeconds,
            $metadata,
            $session?->sessionId,
            stop: $stop,
            waitSliceSeconds: $waitSliceSeconds ?? $this->waitSliceSeconds,
            proof: $proof,
            lockDelaySeconds: $lockDelaySeconds,
            minHoldSeconds: $minHoldSeconds,
        ), $session);
    }

    /**
     * Campaigns for a lock and runs a function while holding it, again and again, until you stop it. Then it tells the function to stop,
     * waits for it, releases the lock, and returns. It also ends with what the function throws, apart from the `LostException` of the lock
     * that it led with, and with errors that retrying cannot fix, such as `AuthenticationException`. It throws these errors.
     *
     * @param callable(Lock, \Closure(): bool): mixed $lead what the leader does; it must return soon after its second argument returns
     *     true: the lock is lost, or the election has been stopped
     * @param bool $once leave the election after leading once
     */
    public function elect(
        string $name,
        callable $lead,
        int $ttlSeconds = Rules::TTL_SECONDS_DEFAULT,
        ?string $metadata = null,
        ?Session $session = null,
        bool $once = false,
        ?StopToken $stop = null,
        ?int $waitSliceSeconds = null,
        ?LockMode $mode = null,
        ?int $limit = null,
        ?int $permits = null,
        bool $proof = false,
        ?int $lockDelaySeconds = null,
        ?int $minHoldSeconds = null,
    ): void {
        $wanted = new OneLock(new WantedLock($name, $mode, $limit, $permits));
        $hold = fn (): Lock => $this->holder->hold(new Wish(
            $wanted,
            $ttlSeconds,
            INF,
            $metadata,
            $session?->sessionId,
            stop: $stop,
            waitSliceSeconds: $waitSliceSeconds ?? $this->waitSliceSeconds,
            isGivenUpBriefly: true,
            proof: $proof,
            lockDelaySeconds: $lockDelaySeconds,
            minHoldSeconds: $minHoldSeconds,
        ), $session);
        (new Election($hold, $lead(...), $stop))->run($once);
    }

    /**
     * Opens a session and keeps it alive until it is closed.
     *
     * @param int $ttlSeconds how long it lives without a keepalive, 10 to 300
     * @throws \RuntimeException if no process can be forked for that
     */
    public function openSession(int $ttlSeconds = Rules::SESSION_TTL_SECONDS_DEFAULT): Session
    {
        return $this->holder->openSession($ttlSeconds);
    }

    /**
     * The state of a lock, then everything that happens to it.
     *
     * @param ?StopToken $stop ends the watch and its iteration
     * @param ?list<EventType> $events which events you want; by default all but `Broken` and `ReleaseRequested`
     */
    public function watch(string $name, ?StopToken $stop = null, ?array $events = null): Watch
    {
        Checks::name($name);
        $path = LockApi::path($name, 'watch') . self::query('?', $events);

        return new Watch(new WatchStream($this->caller, $path, LockStatus::read(...)), $stop);
    }

    /**
     * The same for all locks whose names begin with the prefix.
     *
     * @param ?list<EventType> $events which events you want; by default all but `Broken` and `ReleaseRequested`
     */
    public function watchPrefix(string $prefix, ?StopToken $stop = null, ?array $events = null): Watch
    {
        $path = '/watch?prefix=' . rawurlencode($prefix) . self::query('&', $events);

        return new Watch(new WatchStream($this->caller, $path, PrefixState::read(...)), $stop);
    }

    public function lockStatus(string $name): LockStatus
    {
        return $this->locks->status($name);
    }

    /**
     * All locks that are held, sorted by name.
     *
     * @param ?string $prefix only those whose names begin with this text
     * @param bool $own only your own
     * @return list<HeldLock>
     */
    public function listLocks(?string $prefix = null, bool $own = false): array
    {
        return $this->locks->list($prefix, $own);
    }

    /**
     * Acquires a lock without renewing it. Prefer `withLock()`. The parameters are the same, except for:
     *
     * @param ?string $sessionId ties the lease to a session
     * @param ?string $leaseId a UUID for the lease; a new one by default
     * @throws LockHeldException if the lock is still held after `$waitSeconds`
     */
    public function acquire(
        string $name,
        int $ttlSeconds = Rules::TTL_SECONDS_DEFAULT,
        int|float $waitSeconds = 0,
        ?string $metadata = null,
        ?string $sessionId = null,
        ?string $leaseId = null,
        ?StopToken $stop = null,
        ?int $waitSliceSeconds = null,
        ?LockMode $mode = null,
        ?int $limit = null,
        ?int $permits = null,
        bool $proof = false,
        ?int $lockDelaySeconds = null,
        ?int $minHoldSeconds = null,
    ): Lease {
        return $this->leaseApi->acquire(new Wish(
            new OneLock(new WantedLock($name, $mode, $limit, $permits)),
            $ttlSeconds,
            $waitSeconds,
            $metadata,
            $sessionId,
            $leaseId,
            $stop,
            waitSliceSeconds: $waitSliceSeconds ?? $this->waitSliceSeconds,
            proof: $proof,
            lockDelaySeconds: $lockDelaySeconds,
            minHoldSeconds: $minHoldSeconds,
        ))->lease;
    }

    /**
     * Acquires several locks under one lease without renewing it. Prefer `withLocks()`. The parameters are the same, except for those of
     * `acquire()`.
     *
     * @param list<string|WantedLock> $locks
     * @throws LockHeldException if one of the locks is still held after `$waitSeconds`
     */
    public function acquireAll(
        array $locks,
        int $ttlSeconds = Rules::TTL_SECONDS_DEFAULT,
        int|float $waitSeconds = 0,
        ?string $metadata = null,
        ?string $sessionId = null,
        ?string $leaseId = null,
        ?StopToken $stop = null,
        ?int $waitSliceSeconds = null,
        bool $proof = false,
        ?int $lockDelaySeconds = null,
        ?int $minHoldSeconds = null,
    ): WholeLease {
        return $this->leaseApi->acquire(new Wish(
            new SeveralLocks($locks),
            $ttlSeconds,
            $waitSeconds,
            $metadata,
            $sessionId,
            $leaseId,
            $stop,
            waitSliceSeconds: $waitSliceSeconds ?? $this->waitSliceSeconds,
            proof: $proof,
            lockDelaySeconds: $lockDelaySeconds,
            minHoldSeconds: $minHoldSeconds,
        ))->lease;
    }

    /**
     * Renews a lease, so that it ends `$ttlSeconds` (1 to 3600) from now.
     *
     * @param bool $proof whether you want a proof
     * @throws NotFoundException if you no longer have it
     */
    public function renew(string $name, string $leaseId, int $ttlSeconds, bool $proof = false): Lease
    {
        return $this->leaseApi->renew(new LeaseRenewal(self::one($name), $leaseId, $ttlSeconds, $proof))->lease;
    }

    /**
     * Holds one lock of a lease in another mode, without letting go of it. See `Lock::convert()`.
     *
     * @param LockMode $mode `Exclusive` or `Shared`
     * @throws LockHeldException if it is to be exclusive and others hold it too
     * @throws NotFoundException if you no longer have the lease
     */
    public function convert(string $name, string $leaseId, LockMode $mode): Lease
    {
        return $this->leaseApi->convert($name, $leaseId, $mode);
    }

    /** @throws NotFoundException if you no longer have the lease */
    public function release(string $name, string $leaseId): void
    {
        $this->leaseApi->release(self::one($name), $leaseId);
    }

    /**
     * The line of a lock: the requests that wait for it, in the order in which they arrived.
     */
    public function queue(string $name): Queue
    {
        return $this->locks->queue($name);
    }

    /**
     * Gives up a place in the line of a lock, and in all other lines that its request is in.
     *
     * @throws NotFoundException if you have no such place
     */
    public function leaveQueue(string $name, string $leaseId): void
    {
        $this->locks->leaveQueue($name, $leaseId);
    }

    /**
     * Asks the holders of a lock to release it. They decide; see `Lock::onReleaseRequested()`.
     *
     * @throws NotFoundException if no one holds it
     */
    public function requestRelease(string $name, ?string $message = null): void
    {
        $this->locks->requestRelease($name, $message);
    }

    /**
     * Ends all leases of a lock, or the one with the fencing token. For administrators, and users to whom the policy grants it.
     *
     * @param string $reason what the former holders are told
     * @throws NotFoundException if no one holds it
     */
    public function breakLock(string $name, string $reason, ?int $fencingToken = null): LockBreak
    {
        return $this->locks->break($name, $reason, $fencingToken);
    }

    /**
     * Creates a session without keeping it alive. Prefer `openSession()`.
     *
     * @param int $ttlSeconds from 10 to 300
     */
    public function createSession(int $ttlSeconds = Rules::SESSION_TTL_SECONDS_DEFAULT): CreatedSession
    {
        return $this->sessions->create($ttlSeconds)->value;
    }

    /** @throws NotFoundException if the session has ended */
    public function keepalive(string $sessionId): KeptSession
    {
        return $this->sessions->keepalive($sessionId);
    }

    /** @throws NotFoundException if the session has ended */
    public function sessionStatus(string $sessionId): SessionStatus
    {
        return $this->sessions->status($sessionId);
    }

    /** @throws NotFoundException if the session has already ended */
    public function endSession(string $sessionId): void
    {
        $this->sessions->end($sessionId);
    }

    /** Returns `OK` if the server is healthy. */
    public function health(): string
    {
        return $this->server->health();
    }

    public function statusCounters(): StatusCounters
    {
        return $this->server->statusCounters();
    }

    /**
     * Replaces the token and returns the new one. The old one stops working immediately. Everything that this client has under way uses
     * the new one: requests, locks, sessions, elections and watches, including those of its copies in forks. Signal handlers run
     * afterwards, so that an exception from one cannot lose the new token.
     *
     * @throws ValidationException if a function gives the token
     */
    public function rotateToken(): string
    {
        return $this->server->rotateToken();
    }

    /**
     * @template T
     * @param callable(Lock): T $use
     * @return T
     */
    private static function useOf(callable $use, Lock $lock): mixed
    {
        try {
            $result = $use($lock);
            $loss = $lock->keeper->loss();
        } finally {
            $lock->close();
        }

        return $loss === null ? $result : throw new LockLostException($lock->name, $loss, $result);
    }

    private static function one(string $name): OneLock
    {
        return new OneLock(new WantedLock($name));
    }

    /** @param ?list<EventType> $events */
    private static function query(string $separator, ?array $events): string
    {
        return $events === null ? '' : "{$separator}events=" . implode(',', array_column($events, 'value'));
    }
}
