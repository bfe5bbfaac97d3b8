package io.octostore.client.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A lock that is held, and the first of its leases.
 *
 * @param name name of the lock
 * @param leaseId the id of the lease; only set if the lock is yours
 * @param fencingToken higher than that of every earlier grant, of any lock
 * @param expiresAt when the lease expires unless it is renewed, by the server's clock
 * @param holder login of the holder
 * @param holderId id of the holder
 * @param metadata the holder's note
 * @param mode how the lease holds the lock
 * @param limit how many permits the lock has, if it is counted
 * @param permits how many permits the lease has, if the lock is counted
 * @param slots the numbers of its permits; empty unless the lock is counted
 */
public record HeldLock(
        String name,
        Optional<String> leaseId,
        long fencingToken,
        Instant expiresAt,
        String holder,
        String holderId,
        Optional<String> metadata,
        LockMode mode,
        OptionalInt limit,
        OptionalInt permits,
        List<Integer> slots) {

    /**
     * A lock that one lease holds alone.
     *
     * @param name name of the lock
     * @param leaseId the id of the lease; only set if the lock is yours
     * @param fencingToken higher than that of every earlier grant, of any lock
     * @param expiresAt when the lease expires unless it is renewed, by the server's clock
     * @param holder login of the holder
     * @param holderId id of the holder
     * @param metadata the holder's note
     */
    public HeldLock(
            String name,
            Optional<String> leaseId,
            long fencingToken,
            Instant expiresAt,
            String holder,
            String holderId,
            Optional<String> metadata) {
        this(
                name,
                leaseId,
                fencingToken,
                expiresAt,
                holder,
                holderId,
                metadata,
                LockMode.EXCLUSIVE,
                OptionalInt.empty(),
                OptionalInt.empty(),
                List.of());
    }

    /** {@return for logs and debugging, without the lease id} */
    @Override
    public String toString() {
        return "HeldLock[name=" + name + ", fencingToken=" + fencingToken + ", expiresAt=" + expiresAt + ", holder="
                + holder + ", mode=" + mode + "]";
    }
}
