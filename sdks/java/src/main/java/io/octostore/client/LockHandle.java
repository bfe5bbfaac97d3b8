package io.octostore.client;

import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.model.LeaseLock;
import io.octostore.client.model.LockMode;
import io.octostore.client.model.ReleaseRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A lock that you hold, or several under one lease. Renewed in the background until released or lost.
 *
 * <p>An interface, so that your tests can replace it. It gets new methods in minor versions.
 */
public interface LockHandle extends Handle {
    /** {@return the name of the lock; if you hold several, of the first} */
    String name();

    /** {@return the id of the lease, a UUID that proves that this handle holds the lock} */
    String leaseId();

    /**
     * The number of this grant, which is higher than that of every earlier grant. Send it with every write to what the
     * lock protects, which must refuse any token lower than the highest it has seen. It changes only if you convert a
     * lock to exclusive.
     *
     * @return the fencing token
     */
    long fencingToken();

    /** {@return all locks of the lease, in the order in which you asked for them, and how it holds them} */
    List<LeaseLock> locks();

    /** {@return the numbers of your permits, if the lock is counted; if you hold several locks, of the first} */
    List<Integer> slots();

    /**
     * The proof of the lease. Each renewal replaces it, so ask for it each time that you need it. After a conversion,
     * it says how you held the lock before, until the next renewal.
     *
     * @return a JSON Web Token, if you asked for one
     */
    Optional<String> proof();

    /** {@return the latest request of someone else to release a lock that you hold, as of the last renewal} */
    Optional<ReleaseRequest> releaseRequested();

    /**
     * Runs a listener for each request of someone else to release a lock that you hold, once, on a thread of the
     * client. The handle learns of it when it next renews, within a third of the TTL. You decide.
     *
     * @param listener what to run
     */
    void onReleaseRequested(Consumer<ReleaseRequest> listener);

    /**
     * Holds the lock, or the first of several, in another mode: see {@link #convert(String, LockMode)}.
     *
     * @param mode exclusive or shared
     */
    void convert(LockMode mode);

    /**
     * Holds one of the locks in another mode, without letting go of it. If you already do, nothing changes. Shared
     * always works, and lets in those who wait to share the lock. Exclusive works only if no one else holds the lock,
     * ahead of everyone in line. You then have a new fencing token, for all locks of the handle. If the outcome is
     * unknown, after a network error for example, the next renewal updates {@link #locks} and {@link #fencingToken}.
     *
     * @param name name of the lock
     * @param mode exclusive or shared
     * @throws LockHeldException if it is to be exclusive and others hold it too. Does not wait for them
     * @throws ValidationException if the lock is counted, or the handle does not hold it
     * @throws NotFoundException if it is lost
     */
    void convert(String name, LockMode mode);

    /**
     * Does the same as {@link #convert(LockMode)}, in the way of {@link #convertAsync(String, LockMode)}.
     *
     * @param mode exclusive or shared
     * @return completed once the lock is held in that mode, or exceptionally with what {@code convert} throws
     */
    CompletableFuture<Void> convertAsync(LockMode mode);

    /**
     * Does the same as {@link #convert(String, LockMode)} without blocking the calling thread: the call waits for the
     * server on a thread of the client. If you cancel the future, the outcome is unknown.
     *
     * @param name name of the lock
     * @param mode exclusive or shared
     * @return completed once the lock is held in that mode, or exceptionally with what {@code convert} throws
     */
    CompletableFuture<Void> convertAsync(String name, LockMode mode);

    /** {@return the session that the lock ends with, if there is one} */
    Optional<SessionHandle> session();

    /**
     * Releases the lock, in no more time than what is left of its lease. Doing so again does nothing, and it is not an
     * error if the lock was already lost.
     *
     * @throws OctoStoreException if the server cannot be reached; the lease then expires on its own
     * @throws CallInterruptedException if the thread is interrupted; the release continues in the background
     */
    void release();
}
