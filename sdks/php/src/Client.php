<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\LockHeldException;
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
 * A user's access to an OctoStore server. Cheap, and made to be shared. All methods throw an `OctoStoreException` if they fail; see the
 * README for which is when, and for what is repeated.
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
     * @param ?string $baseUrl `OCTOSTORE_BASE_URL` by default, and without that `http://localhost:3000`
     * @param ?string $token `OCTOSTORE_TOKEN` by default; without a token only what is public can be asked for
     * @param int $timeoutMs milliseconds that one HTTP attempt may take; time that the server is asked to wait comes on top
     * @param ?Renewal $renewal who renews locks and sessions: by default a process in the background where that is possible
     * @throws ValidationException for a base URL or a token that cannot be one, or if renewal in the background is not possible here
     * @throws \RuntimeException if the system has no sockets left, by which forks share the token
     */
    public function __construct(
        ?string $baseUrl = null,
        #[\SensitiveParameter] ?string $token = null,
        int $timeoutMs = Rules::TIMEOUT_MS_DEFAULT,
        ?Renewal $renewal = null,
    ) {
        $url = Checks::baseUrl($baseUrl ?? (getenv('OCTOSTORE_BASE_URL') ?: Rules::DEFAULT_BASE_URL));
        $token ??= getenv('OCTOSTORE_TOKEN') ?: null;
        if ($token !== null) {
            Checks::token($token);
        }
        Checks::timeout($timeoutMs);
        Checks::renewal($renewal);
        $this->caller = new Caller(new Transport($url, $timeoutMs), new Bearer($token, $timeoutMs));
        $this->locks = new LockApi($this->caller);
        $this->sessions = new SessionApi($this->caller);
        $this->server = new ServerApi($this->caller);
        $this->holder = new Holder($this->locks, $this->sessions, $timeoutMs, $renewal ?? Renewal::default());
        $this->webhooks = new Webhooks($this->caller);
    }

    /** For people; without the token. */
    public function __toString(): string
    {
        return self::class . "({$this->caller->transport->baseUrl})";
    }

    /**
     * Runs a function while a lock is held, and passes on what it returns or throws. The lock is renewed meanwhile, and released
     * afterwards.
     *
     * @template T
     * @param callable(Lock): T $use
     * @param int $ttlSeconds how long the lease lasts if it is not renewed, from 1 to 3600
     * @param int|float $waitSeconds how long to wait in line if somebody else has the lock, as long as you like
     * @param ?string $metadata a note of at most 1024 bytes that everybody who looks at the lock sees
     * @param ?Session $session with which the lock is lost at the latest
     * @param ?StopToken $stop gives the waiting up
     * @return T
     * @throws LockHeldException if the lock is not free within `$waitSeconds`
     * @throws StoppedException if it is stopped while it waits
     */
    public function withLock(
        string $name,
        callable $use,
        int $ttlSeconds = Rules::TTL_SECONDS_DEFAULT,
        int|float $waitSeconds = 0,
        ?string $metadata = null,
        ?Session $session = null,
        ?StopToken $stop = null,
    ): mixed {
        $lock = $this->hold($name, $ttlSeconds, $waitSeconds, $metadata, $session, $stop);
        try {
            return $use($lock);
        } finally {
            $lock->close();
        }
    }

    /**
     * Acquires a lock and renews it until it is closed. The parameters are those of `withLock()`.
     *
     * @throws LockHeldException if the lock is not free within `$waitSeconds`
     * @throws StoppedException if it is stopped while it waits
     * @throws \RuntimeException if no process can be had for the renewal
     */
    public function hold(
        string $name,
        int $ttlSeconds = Rules::TTL_SECONDS_DEFAULT,
        int|float $waitSeconds = 0,
        ?string $metadata = null,
        ?Session $session = null,
        ?StopToken $stop = null,
    ): Lock {
        $wish = new Wish($name, $ttlSeconds, $waitSeconds, $metadata, $session?->sessionId, stop: $stop);

        return $this->holder->hold($wish, $session);
    }

    /**
     * Campaigns for a lock and runs a function while it is held, again and again, until it is stopped: then the function is told so, is
     * waited for, and the lock is released. It also ends with what the function throws, apart from the `LostException` of the lock that
     * it led with, and with what no campaign can mend, such as `AuthenticationException`.
     *
     * @param callable(Lock, \Closure(): bool): mixed $lead what the leader does; it must return soon after its second argument says true,
     *     since the lock is lost or the election is stopped
     * @param bool $once leave the election after having led once
     */
    public function elect(
        string $name,
        callable $lead,
        int $ttlSeconds = Rules::TTL_SECONDS_DEFAULT,
        ?string $metadata = null,
        ?Session $session = null,
        bool $once = false,
        ?StopToken $stop = null,
    ): void {
        $wait = Rules::WAIT_SECONDS_PER_REQUEST_MAX;
        $hold = fn (): Lock => $this->hold($name, $ttlSeconds, $wait, $metadata, $session, $stop);
        (new Election($hold, $lead(...), $stop))->run($once);
    }

    /**
     * Opens a session and keeps it alive until it is closed.
     *
     * @param int $ttlSeconds how long it lives if it is not kept alive, from 10 to 300
     * @throws \RuntimeException if no process can be had for that
     */
    public function openSession(int $ttlSeconds = Rules::SESSION_TTL_SECONDS_DEFAULT): Session
    {
        return $this->holder->openSession($ttlSeconds);
    }

    /**
     * The state of a lock and then everything that happens to it.
     *
     * @param ?StopToken $stop ends the watch; the iteration is over then
     */
    public function watch(string $name, ?StopToken $stop = null): Watch
    {
        Checks::name($name);
        $path = LockApi::path($name, 'watch');

        return new Watch(new WatchStream($this->caller, $path, LockStatus::read(...)), $stop);
    }

    /** The same for all locks whose names begin with a text. */
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
     * All locks that are held, in name order.
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
     * Acquires a lock without renewing it. Prefer `withLock()`, whose parameters these are, but for
     *
     * @param ?string $sessionId ties the lease to a session
     * @param ?string $leaseId the id that the lease shall have, a UUID; a new one by default
     * @throws LockHeldException if the lock is not free within `$waitSeconds`
     */
    public function acquire(
        string $name,
        int $ttlSeconds = Rules::TTL_SECONDS_DEFAULT,
        int|float $waitSeconds = 0,
        ?string $metadata = null,
        ?string $sessionId = null,
        ?string $leaseId = null,
        ?StopToken $stop = null,
    ): Lease {
        $wish = new Wish($name, $ttlSeconds, $waitSeconds, $metadata, $sessionId, $leaseId, $stop);

        return $this->locks->acquire($wish)->lease;
    }

    /**
     * Lets a lease end `$ttlSeconds` (1 to 3600) from now.
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

    /** @throws NotFoundException if the session has ended already */
    public function endSession(string $sessionId): void
    {
        $this->sessions->end($sessionId);
    }

    /** `OK` if the server is well. */
    public function health(): string
    {
        return $this->server->health();
    }

    public function statusCounters(): StatusCounters
    {
        return $this->server->statusCounters();
    }

    /**
     * Puts a new token in the place of the present one, which ends at once, and returns it. All that this client has under way goes on
     * with the new one: requests, locks, sessions, elections and watches, also those of its copies in forks. Handlers of signals run
     * afterwards, lest the new token be lost by what they throw.
     */
    public function rotateToken(): string
    {
        return $this->server->rotateToken();
    }
}
