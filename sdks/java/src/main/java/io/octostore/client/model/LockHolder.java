package io.octostore.client.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One of the leases that hold a lock.
 *
 * @param leaseId the id of the lease; only set if it is yours
 * @param fencingToken token of the grant
 * @param expiresAt when the lease expires unless it is renewed, by the server's clock
 * @param holder login of the holder
 * @param holderId id of the holder
 * @param metadata the holder's note
 * @param slots the numbers of its permits; empty unless the lock is counted
 */
public record LockHolder(
        Optional<String> leaseId,
        long fencingToken,
        Instant expiresAt,
        String holder,
        String holderId,
        Optional<String> metadata,
        List<Integer> slots) {

    /** {@return for logs and debugging, without the lease id} */
    @Override
    public String toString() {
        return "LockHolder[fencingToken=" + fencingToken + ", expiresAt=" + expiresAt + ", holder=" + holder
                + ", slots=" + slots + "]";
    }
}
