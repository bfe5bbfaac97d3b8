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
use OctoStore\Internal\Http\Transport;
use OctoStore\Internal\LockApi;
use OctoStore\Internal\ServerApi;
use OctoStore\Internal\SessionApi;
use OctoStore\Internal\WatchStream;
use OctoStore\Internal\Wish;
use OctoStore\Value\CreatedSession;
use OctoStore\Value\HeldLock;
use OctoStore\Value\KeptSession;
use OctoStore\Value\Lease;
use OctoStore\Value\LockStatus;
use OctoStore\Value\PrefixState;
use OctoStore\Value\SessionStatus;
use OctoStore\Value\StatusCounters;

/**
 * A user's access to an OctoStore server. Cheap to create, and safe to share. All methods throw an `OctoStoreException` if they fail. The
 * README says which error to expect when, and which calls are retried.
 */
final readonly class Client implements \Stringable
{
    public Webhooks $webhooks;

    private Caller $caller;
    private LockApi $locks;
    private SessionApi $sessions;
    private ServerApi $server;
    private Holder $holder;

    /**
     * @param ?string $baseUrl `OCTOSTORE_BASE_URL` by default, or `http://localhost:3000` if that is not set
     * @param ?string $token `OCTOSTORE_TOKEN` by default; without a token, only public requests work
     * @param int $timeoutMs timeout of one HTTP attempt in milliseconds; an acquire that waits in line gets its wait on top
     * @param ?Renewal $renewal who renews locks and sessions; by default a background process, where possible
     * @param int $waitSliceSeconds how long one request waits in line at most, 1 to 60; a longer wait goes on with another request
     * @param bool $releaseOnExit closes the client's open locks and sessions, within a second in all, when the program ends, also after a
     *     fatal error, and on the command line at `SIGINT` and `SIGTERM`; earlier handlers of these signals run afterwards
     * @throws ValidationException if the base URL or the token is not valid, or if background renewal is not possible here
     * @throws \RuntimeException if the system has no sockets left; forks share the token through one
     */
    public function __construct(
        ?string $baseUrl = null,
        #[\SensitiveParameter] ?string $token = null,
        int $timeoutMs = Rules::TIMEOUT_MS_DEFAULT,
        ?Renewal $renewal = null,
        private int $waitSliceSeconds = Rules::WAIT_SLICE_SECONDS_DEFAULT,
        bool $releaseOnExit = false,
    ) {
        $url = Checks::baseUrl($baseUrl ?? (getenv('OCTOSTORE_BASE_URL') ?: Rules::DEFAULT_BASE_URL));
        $token ??= getenv('OCTOSTORE_TOKEN') ?: null;
        if ($token !== null) {
            Checks::token($token);
        }
        Checks::timeout($timeoutMs);
        Checks::waitSlice($waitSliceSeconds);
        Checks::renewal($renewal);
        $this->caller = new Caller(new Transport($url, $timeoutMs), new Bearer($token, $timeoutMs));
        $this->locks = new LockApi($this->caller);
        $this->sessions = new SessionApi($this->caller);
        $this->server = new ServerApi($this->caller);
        $renewal ??= Renewal::default();
        $this->holder = new Holder($this->locks, $this->sessions, $timeoutMs, $renewal, $releaseOnExit);
        $this->webhooks = new Webhooks($this->caller);
    }

    /** For logs and debugging, without the token. */
    public function __toString(): string
    {
        return self::class . "({$this->caller->transport->baseUrl})";
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
    ): mixed {
        $lock = $this->hold($name, $ttlSeconds, $waitSeconds, $metadata, $session, $stop, $waitSliceSeconds);
        try {
            $result = $use($lock);
            $loss = $lock->keeper->loss();
        } finally {
            $lock->close();
        }

        return $loss === null ? $result : throw new LockLostException($name, $loss, $result);
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
    ): Lock {
        $wish = new Wish(
            $name,
            $ttlSeconds,
            $waitSeconds,
            $metadata,
            $session?->sessionId,
            stop: $stop,
            waitSliceSeconds: $waitSliceSeconds ?? $this->waitSliceSeconds,
        );

        return $this->holder->hold($wish, $session);
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
    ): void {
        $hold = fn (): Lock => $this->holder->hold(new Wish(
            $name,
            $ttlSeconds,
            INF,
            $metadata,
            $session?->sessionId,
            stop: $stop,
            waitSliceSeconds: $waitSliceSeconds ?? $this->waitSliceSeconds,
            isGivenUpBriefly: true,
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
     */
    public function watch(string $name, ?StopToken $stop = null): Watch
    {
        Checks::name($name);
        $path = LockApi::path($name, 'watch');

        return new Watch(new WatchStream($this->caller, $path, LockStatus::read(...)), $stop);
    }

    /** The same for all locks whose names begin with the prefix. */
    public function watchPrefix(string $prefix, ?StopToken $stop = null): Watch
    {
        $path = '/watch?prefix=' . rawurlencode($prefix);

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
    ): Lease {
        $slice = $waitSliceSeconds ?? $this->waitSliceSeconds;
        $wish = new Wish($name, $ttlSeconds, $waitSeconds, $metadata, $sessionId, $leaseId, $stop, $slice);

        return $this->locks->acquire($wish)->lease;
    }

    /**
     * Renews a lease, so that it ends `$ttlSeconds` (1 to 3600) from now.
     *
     * @throws NotFoundException if you no longer have it
     */
    public function renew(string $name, string $leaseId, int $ttlSeconds): Lease
    {
        return $this->locks->renew($name, $leaseId, $ttlSeconds)->lease;
    }

    /** @throws NotFoundException if you no longer have the lease */
    public function release(string $name, string $leaseId): void
    {
        $this->locks->release($name, $leaseId);
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
     */
    public function rotateToken(): string
    {
        return $this->server->rotateToken();
    }
}
