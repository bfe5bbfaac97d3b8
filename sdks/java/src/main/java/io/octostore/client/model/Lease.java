package io.octostore.client.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One grant of a lock, or of several locks under one lease.
 *
 * @param status whether this call granted the lease, or it existed before
 * @param name name of the lock; of several, of the first
 * @param leaseId proves that you hold the lock
 * @param fencingToken higher than that of every earlier grant, of any lock
 * @param expiresAt when the lease expires unless it is renewed, by the server's clock
 * @param holder login of the holder
 * @param holderId id of the holder
 * @param metadata the note from the acquire
 * @param locks all locks of the lease, in the order in which you asked for them, and how it holds them
 * @param sessionId the session that the lease is tied to, if the server shows it
 * @param proof shows others that you hold the locks, until it expires: a JSON Web Token. Only if you asked for one
 * @param releaseRequested the latest request to release one of the locks; only after a renewal
 */
public record Lease(
        LeaseStatus status,
        String name,
        String leaseId,
        long fencingToken,
        Instant expiresAt,
        String holder,
        String holderId,
        Optional<String> metadata,
        List<LeaseLock> locks,
        Optional<String> sessionId,
        Optional<String> proof,
        Optional<ReleaseRequest> releaseRequested) {

    /**
     * A lease that holds one lock alone.
     *
     * @param status whether this call granted the lease, or it existed before
     * @param name name of the lock
     * @param leaseId proves that you hold the lock
     * @param fencingToken higher than that of every earlier grant, of any lock
     * @param expiresAt when the lease expires unless it is renewed, by the server's clock
     * @param holder login of the holder
     * @param holderId id of the holder
     * @param metadata the note from the acquire
     */
    public Lease(
            LeaseStatus status,
            String name,
            String leaseId,
            long fencingToken,
            Instant expiresAt,
            String holder,
            String holderId,
            Optional<String> metadata) {
        this(
                status,
                name,
                leaseId,
                fencingToken,
                expiresAt,
                holder,
                holderId,
                metadata,
                List.of(LeaseLock.exclusive(name)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** {@return for logs and debugging, without the lease id and the proof} */
    @Override
    public String toString() {
        return "Lease[status=" + status + ", locks=" + locks + ", fencingToken=" + fencingToken + ", expiresAt="
                + expiresAt + ", holder=" + holder + "]";
    }
}
