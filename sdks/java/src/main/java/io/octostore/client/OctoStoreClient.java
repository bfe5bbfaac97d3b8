package io.octostore.client;

import io.octostore.client.error.AuthenticationException;
import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.error.LeaseBrokenException;
import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.LockLostException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.error.PermissionException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.model.CreatedSession;
import io.octostore.client.model.HeldLock;
import io.octostore.client.model.KeptSession;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LockBreak;
import io.octostore.client.model.LockMode;
import io.octostore.client.model.LockQueue;
import io.octostore.client.model.LockStatus;
import io.octostore.client.model.PrefixState;
import io.octostore.client.model.SessionStatus;
import io.octostore.client.model.StatusCounters;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A user's access to an OctoStore server. Safe to share between threads. It needs no closing: the few threads behind it
 * are daemon threads, and end by themselves.
 *
 * <p>All methods that call the server throw an {@link OctoStoreException} if they fail, and retry where that is safe.
 * If you interrupt a thread that is waiting in one, it throws {@link CallInterruptedException}.
 *
 * <p>An interface, so that your tests can replace it. It gets new methods in minor versions.
 */
public interface OctoStoreClient {
    /** {@return a builder that reads from the environment what you do not set} */
    static OctoStoreClientBuilder builder() {
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
    LockHandle hold(String name, HoldOptions options);

    /**
     * Acquires several locks under one lease, all of them or none, and renews it in the background until the handle is
     * closed. Requests for several locks cannot deadlock each other.
     *
     * @param locks the locks, and how to hold each of them
     * @param options how to hold them
     * @return the handle, for try-with-resources
     * @throws LockHeldException if one of them is still held when the wait is over
     * @throws ValidationException if a name or an option is not valid
     */
    LockHandle holdAll(List<WantedLock> locks, HoldOptions options);

    /**
     * Does the same as {@link #hold} without blocking the calling thread: the call waits on a thread of the client.
     * Cancelling the future gives up, and completing it otherwise does too: a lock that was granted meanwhile is
     * released in the background.
     *
     * @param name name of the lock
     * @param options how to hold it
     * @return completed with the handle, or exceptionally with what {@code hold} throws
     */
    CompletableFuture<LockHandle> holdAsync(String name, HoldOptions options);

    /**
     * Does the same as {@link #holdAll}, in the way of {@link #holdAsync}.
     *
     * @param locks the locks, and how to hold each of them
     * @param options how to hold them
     * @return completed with the handle, or exceptionally with what {@code holdAll} throws
     */
    CompletableFuture<LockHandle> holdAllAsync(List<WantedLock> locks, HoldOptions options);

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
    <T, X extends Exception> T withLock(String name, HoldOptions options, LockFunction<T, X> use) throws X;

    /**
     * Does the same as {@link #withLock} while holding several locks.
     *
     * @param <T> what the function returns
     * @param <X> what the function can throw
     * @param locks the locks, and how to hold each of them
     * @param options how to hold them
     * @param use runs on the calling thread
     * @return what the function returns
     * @throws X what the function throws
     * @throws LockHeldException if one of them is still held when the wait is over
     * @throws LockLostException if the lease was lost while the function ran, and the function has not failed
     * @throws ValidationException if a name or an option is not valid
     */
    <T, X extends Exception> T withLocks(List<WantedLock> locks, HoldOptions options, LockFunction<T, X> use) throws X;

    /**
     * Does the same as {@link #withLock} without blocking the calling thread. The lock is held until the stage that the
     * function returns is done. Cancelling the future, or completing it otherwise, gives up while it waits for the
     * lock. It has no effect on a function that already runs, or on its lock.
     *
     * @param <T> what the stage of the function gives
     * @param name name of the lock
     * @param options how to hold it
     * @param use runs on a thread of the client
     * @return completed once the lock is released, as the stage of the function or exceptionally with what
     *     {@code withLock} throws
     */
    <T> CompletableFuture<T> withLockAsync(
            String name, HoldOptions options, Function<? super LockHandle, ? extends CompletionStage<T>> use);

    /**
     * Does the same as {@link #withLocks}, in the way of {@link #withLockAsync}.
     *
     * @param <T> what the stage of the function gives
     * @param locks the locks, and how to hold each of them
     * @param options how to hold them
     * @param use runs on a thread of the client
     * @return completed once the locks are released, as the stage of the function or exceptionally with what
     *     {@code withLocks} throws
     */
    <T> CompletableFuture<T> withLocksAsync(
            List<WantedLock> locks,
            HoldOptions options,
            Function<? super LockHandle, ? extends CompletionStage<T>> use);

    /**
     * Campaigns for a lock and leads while holding it, again and again, on a thread of its own. Does not wait: the
     * election also reports an invalid name or option.
     *
     * @param name name of the lock
     * @param options how to take part
     * @param leader what to do as the leader
     * @return the election, which ends when it is closed
     */
    Election elect(String name, ElectOptions options, Leader leader);

    /** {@return a new session with a TTL of 60 seconds, kept alive in the background until the handle is closed} */
    SessionHandle openSession();

    /**
     * Creates a session and keeps it alive in the background until the handle is closed.
     *
     * @param ttl how long it lives without a keepalive, in whole seconds, 10 to 300
     * @return the handle, for try-with-resources
     * @throws ValidationException if the TTL is not valid
     */
    SessionHandle openSession(Duration ttl);

    /**
     * Does the same as {@link #openSession(Duration)}, in the way of {@link #holdAsync}.
     *
     * @param ttl how long it lives without a keepalive, in whole seconds, 10 to 300
     * @return completed with the handle, or exceptionally with what {@code openSession} throws
     */
    CompletableFuture<SessionHandle> openSessionAsync(Duration ttl);

    /**
     * The state of a lock, then everything that happens to it.
     *
     * @param name name of the lock
     * @return the updates, for try-with-resources
     * @throws ValidationException if the name is not valid
     */
    Watch<LockStatus> watch(String name);

    /**
     * The held locks whose names begin with a prefix, then everything that happens to such locks.
     *
     * @param prefix what the names begin with; the empty text matches all
     * @return the updates, for try-with-resources
     */
    Watch<PrefixState> watchPrefix(String prefix);

    /**
     * The status of a lock.
     *
     * @param name name of the lock
     * @return its status
     * @throws ValidationException if the name is not valid
     */
    LockStatus lockStatus(String name);

    /**
     * The locks that are held, from every page.
     *
     * @param options which of them
     * @return these locks, sorted by name
     */
    List<HeldLock> listLocks(ListOptions options);

    /**
     * Acquires a lock without renewing it. Prefer {@link #hold}.
     *
     * @param name name of the lock
     * @param options how to acquire it
     * @return the lease
     * @throws LockHeldException if the lock is still held when the wait is over
     * @throws ValidationException if the name or an option is not valid
     */
    Lease acquire(String name, AcquireOptions options);

    /**
     * Acquires several locks under one lease, all of them or none, without renewing it. Prefer {@link #holdAll}.
     *
     * @param locks the locks, and how to hold each of them
     * @param options how to acquire them
     * @return the lease
     * @throws LockHeldException if one of them is still held when the wait is over
     * @throws ValidationException if a name or an option is not valid
     */
    Lease acquireAll(List<WantedLock> locks, AcquireOptions options);

    /**
     * Does the same as {@link #acquire}, in the way of {@link #holdAsync}.
     *
     * @param name name of the lock
     * @param options how to acquire it
     * @return completed with the lease, or exceptionally with what {@code acquire} throws
     */
    CompletableFuture<Lease> acquireAsync(String name, AcquireOptions options);

    /**
     * Does the same as {@link #acquireAll}, in the way of {@link #holdAsync}.
     *
     * @param locks the locks, and how to hold each of them
     * @param options how to acquire them
     * @return completed with the lease, or exceptionally with what {@code acquireAll} throws
     */
    CompletableFuture<Lease> acquireAllAsync(List<WantedLock> locks, AcquireOptions options);

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
    Lease renew(String name, String leaseId, Duration ttl);

    /**
     * Releases a lease.
     *
     * @param name name of the lock
     * @param leaseId the lease
     * @throws NotFoundException if you no longer have it
     * @throws ValidationException if the name is not valid
     */
    void release(String name, String leaseId);

    /**
     * Holds one lock of a lease in another mode, without letting go of it. Prefer {@link LockHandle#convert}.
     *
     * @param name name of the lock
     * @param leaseId the lease
     * @param mode exclusive or shared
     * @return the lease as it is now
     * @throws LockHeldException if it is to be exclusive and others hold it too. Does not wait for them
     * @throws NotFoundException if you no longer have it
     * @throws ValidationException if the name is not valid, or the lock is counted
     */
    Lease convert(String name, String leaseId, LockMode mode);

    /**
     * Asks the holders of a lock to release it. They learn of it at their next renewals, and decide.
     *
     * @param name name of the lock
     * @throws ValidationException if the name is not valid
     */
    void requestRelease(String name);

    /**
     * The same with a message. A second request replaces the first.
     *
     * @param name name of the lock
     * @param message what to say to the holders, at most 256 bytes
     * @throws ValidationException if the name or the message is not valid
     */
    void requestRelease(String name, String message);

    /**
     * Ends all leases that hold a lock. Their holders learn of it as a {@link LeaseBrokenException}. Not retried once
     * it has been sent, because someone else could hold the lock by then.
     *
     * @param name name of the lock
     * @param reason what the former holders learn, 1 to 256 bytes
     * @return what it has ended
     * @throws PermissionException if you are not allowed to break locks
     * @throws ValidationException if the name or the reason is not valid
     */
    LockBreak breakLock(String name, String reason);

    /**
     * The same for one of the leases.
     *
     * @param name name of the lock
     * @param fencingToken the token of the lease
     * @param reason what the former holder learns, 1 to 256 bytes
     * @return what it has ended
     * @throws PermissionException if you are not allowed to break locks
     * @throws ValidationException if the name, the token or the reason is not valid
     */
    LockBreak breakLease(String name, long fencingToken, String reason);

    /**
     * The line of a lock. To find your own place, choose the lease id of your hold or acquire.
     *
     * @param name name of the lock
     * @return the line
     * @throws ValidationException if the name is not valid
     */
    LockQueue queue(String name);

    /**
     * Gives up a place in the line of a lock.
     *
     * @param name name of the lock
     * @param leaseId the lease id that the place is for
     * @throws NotFoundException if you have no such place
     * @throws ValidationException if the name is not valid
     */
    void leaveQueue(String name, String leaseId);

    /** {@return the calls for leases by their ids} */
    Leases leases();

    /** {@return the calls for fences} */
    Fences fences();

    /** {@return a new session with a TTL of 60 seconds, which is not kept alive; prefer {@link #openSession()}} */
    CreatedSession createSession();

    /**
     * Creates a session without keeping it alive. Prefer {@link #openSession(Duration)}.
     *
     * @param ttl how long it lives without a keepalive, in whole seconds, 10 to 300
     * @return the session
     * @throws ValidationException if the TTL is not valid
     */
    CreatedSession createSession(Duration ttl);

    /**
     * Keeps a session alive for another TTL.
     *
     * @param sessionId id of the session
     * @return the session as it is now
     * @throws NotFoundException if it has ended
     */
    KeptSession keepalive(String sessionId);

    /**
     * The status of a session.
     *
     * @param sessionId id of the session
     * @return its status
     * @throws NotFoundException if it has ended
     */
    SessionStatus sessionStatus(String sessionId);

    /**
     * Ends a session and releases its locks.
     *
     * @param sessionId id of the session
     * @throws NotFoundException if it has already ended
     */
    void endSession(String sessionId);

    /** {@return the calls for webhooks} */
    Webhooks webhooks();

    /**
     * Replaces the token. The old one stops working immediately. This client and everything it has under way use the
     * new one. Rotations run one at a time.
     *
     * @return the new token
     * @throws AuthenticationException if the current one is not valid
     */
    String rotateToken();

    /** {@return {@code OK} if the server is healthy} */
    String health();

    /** {@return the server's counters} */
    StatusCounters statusCounters();
}
