package io.octostore.client.model;

import java.time.Instant;
import java.util.Optional;

/**
 * A lock that is held.
 *
 * @param name name of the lock
 * @param leaseId the id of the lease; only set if the lock is yours
 * @param fencingToken higher than that of every earlier grant, of any lock
 * @param expiresAt when the lease expires unless it is renewed, by the server's clock
 * @param holder login of the holder
 * @param holderId id of the holder
 * @param metadata the holder's note
 */
public record HeldLock(
        String name,
        Optional<String> leaseId,
        long fencingToken,
        Instant expiresAt,
        String holder,
        String holderId,
        Optional<String> metadata) {
    /** {@return for logs and debugging, without the lease id} */
    @Override
    public String toString() {
        return "HeldLock[name=" + name + ", fencingToken=" + fencingToken + ", expiresAt=" + expiresAt + ", holder="
                + holder + "]";
    }
}
