package io.octostore.client.model;

import java.time.Instant;
import java.util.Optional;

/**
 * One grant of a lock.
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
public record Lease(
        LeaseStatus status,
        String name,
        String leaseId,
        long fencingToken,
        Instant expiresAt,
        String holder,
        String holderId,
        Optional<String> metadata) {
    /** {@return for logs and debugging, without the lease id} */
    @Override
    public String toString() {
        return "Lease[status=" + status + ", name=" + name + ", fencingToken=" + fencingToken + ", expiresAt="
                + expiresAt + ", holder=" + holder + "]";
    }
}
