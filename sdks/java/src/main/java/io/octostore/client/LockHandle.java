package io.octostore.client;

import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.error.OctoStoreException;
import java.util.Optional;

/** A lock that you hold. It is renewed in the background until it is released or lost. */
public interface LockHandle extends Handle {
    /** {@return the name of the lock} */
    String name();

    /** {@return the id of the lease, a UUID that proves that this handle holds the lock} */
    String leaseId();

    /**
     * The number of this grant, which is higher than that of every earlier grant. Send it with every write to what the
     * lock protects, which must refuse any token lower than the highest it has seen.
     *
     * @return the fencing token
     */
    long fencingToken();

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
