package io.octostore.client;

import io.octostore.client.error.AuthenticationException;
import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.LockLostException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.internal.Attempt;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Fields;
import io.octostore.client.internal.Limits;
import io.octostore.client.internal.MalformedException;
import io.octostore.client.internal.Readers;
import io.octostore.client.internal.Repeat;
import io.octostore.client.internal.Request;
import io.octostore.client.internal.Rules;
import io.octostore.client.model.CreatedSession;
import io.octostore.client.model.HeldLock;
import io.octostore.client.model.KeptSession;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LockStatus;
import io.octostore.client.model.PrefixState;
import io.octostore.client.model.SessionStatus;
import io.octostore.client.model.StatusCounters;
import java.time.Duration;
import java.util.List;

/**
 * A user's access to an OctoStore server. Safe to share between threads. It needs no closing: the few threads behind it
 * are daemon threads, and end by themselves.
 *
 * <p>All methods that call the server throw an {@link OctoStoreException} if they fail, and retry where that is safe.
 * If you interrupt a thread that is waiting in one, it throws {@link CallInterruptedException}.
 */
public final class OctoStoreClient {
    private static final Duration SESSION_TTL = Duration.ofSeconds(Rules.SESSION_TTL_SECONDS_DEFAULT);

    private final Caller caller;
    private final LockApi locks;
    private final SessionApi sessions;
    private final Webhooks webhooks;

    OctoStoreClient(Caller caller) {
        this.caller = caller;
        this.locks = new LockApi(caller);
        this.sessions = new SessionApi(caller);
        this.webhooks = new Webhooks(caller);
    }

    /** {@return a builder that reads from the environment what you do not set} */
    public static OctoStoreClientBuilder builder() {
        return new OctoStoreClientBuilder();
    }

    /**
     * Acquires a lock and renews it in the background until the handle is closed.
     *
     * @param name name of the lock
     * @param options how to hold it
     * @return the handle, for try-with-resources
     * @throws LockHeldException if it is still held when the wait is over
     * @throws ValidationException if the name or an option is not valid
     */
    public LockHandle hold(String name, HoldOptions options) {
        return Holding.hold(locks, name, options, Limits::none);
    }

    /**
     * Runs a function while holding a lock. If the lock is lost meanwhile, nothing interrupts the function: it must
     * check the handle, or register a callback with {@link LockHandle#onLost}. If the function fails although the lock
     * is lost, what it throws has the loss as a suppressed exception.
     *
     * @param <T> what the function returns
     * @param <X> what the function can throw
     * @param name name of the lock
     * @param options how to hold it
     * @param use runs on the calling thread
     * @return what the function returns
     * @throws X what the function throws
     * @throws LockHeldException if the lock is still held when the wait is over
     * @throws LockLostException if the lock was lost while the function ran, and the function has not failed
     * @throws ValidationException if the name or an option is not valid
     */
    public <T, X extends Exception> T withLock(String name, HoldOptions options, LockFunction<T, X> use) throws X {
        try (LockHandle lock = hold(name, options)) {
            T result = applied(use, lock);
            lock.lossWhileOpen().ifPresent(loss -> {
                throw new LockLostException(name, loss, result);
            });
            return result;
        }
    }

    /**
     * Campaigns for a lock and leads while holding it, again and again, on a thread of its own. Does not wait: the
     * election also reports an invalid name or option.
     *
     * @param name name of the lock
     * @param options how to take part
     * @param leader what to do as the leader
     * @return the election, which ends when it is closed
     */
    public Election elect(String name, ElectOptions options, Leader leader) {
        return Election.start(
                name, () -> Holding.hold(locks, name, options.hold(), Limits::brief), leader, options.once());
    }

    /** {@return a new session with a TTL of 60 seconds, kept alive in the background until the handle is closed} */
    public SessionHandle openSession() {
        return openSession(SESSION_TTL);
    }

    /**
     * Creates a session and keeps it alive in the background until the handle is closed.
     *
     * @param ttl how long it lives without a keepalive, in whole seconds, 10 to 300
     * @return the handle, for try-with-resources
     * @throws ValidationException if the TTL is not valid
     */
    public SessionHandle openSession(Duration ttl) {
        return SessionHandle.open(sessions, ttl);
    }

    /**
     * The state of a lock, then everything that happens to it.
     *
     * @param name name of the lock
     * @return the updates, for try-with-resources
     * @throws ValidationException if the name is not valid
     */
    public Watch<LockStatus> watch(String name) {
        Checks.name(name);
        String path = LockApi.path(name) + "/watch";
        return new Watch<>(caller, path, new UpdateReader<>(Readers::lockStatus));
    }

    /**
     * The held locks whose names begin with a prefix, then everything that happens to such locks.
     *
     * @param prefix what the names begin with; the empty text matches all
     * @return the updates, for try-with-resources
     */
    public Watch<PrefixState> watchPrefix(String prefix) {
        String path = "/watch?prefix=" + Request.encoded(prefix);
        return new Watch<>(caller, path, new UpdateReader<>(Readers::prefixState));
    }

    /**
     * The status of a lock.
     *
     * @param name name of the lock
     * @return its status
     * @throws ValidationException if the name is not valid
     */
    public LockStatus lockStatus(String name) {
        return locks.status(name);
    }

    /**
     * The locks that are held, from every page.
     *
     * @param options which of them
     * @return these locks, sorted by name
     */
    public List<HeldLock> listLocks(ListOptions options) {
        return locks.list(options);
    }

    /**
     * Acquires a lock without renewing it. Prefer {@link #hold}.
     *
     * @param name name of the lock
     * @param options how to acquire it
     * @return the lease
     * @throws LockHeldException if the lock is still held when the wait is over
     * @throws ValidationException if the name or an option is not valid
     */
    public Lease acquire(String name, AcquireOptions options) {
        return locks.acquire(name, options).value();
    }

    /**
     * Renews a lease, so that it ends that long from now.
     *
     * @param name name of the lock
     * @param leaseId the lease
     * @param ttl whole seconds, 1 to 3600
     * @return the lease as it is now
     * @throws NotFoundException if you no longer have it
     * @throws ValidationException if the name or the TTL is not valid
     */
    public Lease renew(String name, String leaseId, Duration ttl) {
        return locks.renew(name, leaseId, ttl).value();
    }

    /**
     * Releases a lease.
     *
     * @param name name of the lock
     * @param leaseId the lease
     * @throws NotFoundException if you no longer have it
     * @throws ValidationException if the name is not valid
     */
    public void release(String name, String leaseId) {
        locks.release(name, leaseId);
    }

    /** {@return a new session with a TTL of 60 seconds, which is not kept alive; prefer {@link #openSession()}} */
    public CreatedSession createSession() {
        return createSession(SESSION_TTL);
    }

    /**
     * Creates a session without keeping it alive. Prefer {@link #openSession(Duration)}.
     *
     * @param ttl how long it lives without a keepalive, in whole seconds, 10 to 300
     * @return the session
     * @throws ValidationException if the TTL is not valid
     */
    public CreatedSession createSession(Duration ttl) {
        return sessions.create(ttl).value();
    }

    /**
     * Keeps a session alive for another TTL.
     *
     * @param sessionId id of the session
     * @return the session as it is now
     * @throws NotFoundException if it has ended
     */
    public KeptSession keepalive(String sessionId) {
        return sessions.keepalive(sessionId);
    }

    /**
     * The status of a session.
     *
     * @param sessionId id of the session
     * @return its status
     * @throws NotFoundException if it has ended
     */
    public SessionStatus sessionStatus(String sessionId) {
        return sessions.status(sessionId);
    }

    /**
     * Ends a session and releases its locks.
     *
     * @param sessionId id of the session
     * @throws NotFoundException if it has already ended
     */
    public void endSession(String sessionId) {
        sessions.end(sessionId);
    }

    /** {@return the calls for webhooks} */
    public Webhooks webhooks() {
        return webhooks;
    }

    /**
     * Replaces the token. The old one stops working immediately. This client and everything it has under way use the
     * new one. Rotations run one at a time.
     *
     * @return the new token
     * @throws AuthenticationException if the current one is not valid
     */
    public String rotateToken() {
        Attempt<String> attempt = Attempt.of(Request.post("/auth/token/rotate"), OctoStoreClient::readToken);
        return caller.bearer().rotate(token -> caller.withToken(token).call(attempt, Repeat.UNSENT));
    }

    /** {@return {@code OK} if the server is healthy} */
    public String health() {
        return caller.call(
                new Attempt<>(() -> Request.get("/health").openToAll(), OctoStoreClient::readHealth), Repeat.SAFE);
    }

    /** {@return the server's counters} */
    public StatusCounters statusCounters() {
        return caller.call(Attempt.of(Request.get("/status").openToAll(), Readers::statusCounters), Repeat.SAFE);
    }

    /** {@return for logs and debugging, without the token} */
    @Override
    public String toString() {
        return "OctoStoreClient(" + String.join(", ", caller.servers().urls()) + ")";
    }

    private static <T, X extends Exception> T applied(LockFunction<T, X> use, LockHandle lock) throws X {
        try {
            return use.apply(lock);
        } catch (Throwable error) {
            lock.lossWhileOpen().filter(loss -> loss != error).ifPresent(error::addSuppressed);
            throw error;
        }
    }

    private static String readHealth(String text) {
        if (text.strip().equals("OK")) return "OK";
        throw new MalformedException("not the answer of a healthy server");
    }

    private static String readToken(Fields answer) {
        try {
            return Checks.token(answer.text("token"));
        } catch (ValidationException unusable) {
            throw new MalformedException("not a token");
        }
    }
}
