package io.octostore.client.model;

import java.util.List;
import java.util.OptionalInt;

/**
 * One lock of a lease, and how the lease holds it.
 *
 * @param name name of the lock
 * @param mode how the lease holds it
 * @param limit how many permits the lock has, if it is counted
 * @param permits how many permits the lease has, if the lock is counted
 * @param slots the numbers of its permits, from 0 to {@code limit} minus 1. No other lease has them. Empty unless the
 *     lock is counted
 */
public record LeaseLock(String name, LockMode mode, OptionalInt limit, OptionalInt permits, List<Integer> slots) {

    /**
     * A lock that the lease holds alone.
     *
     * @param name name of the lock
     * @return the lock
     */
    public static LeaseLock exclusive(String name) {
        return new LeaseLock(name, LockMode.EXCLUSIVE, OptionalInt.empty(), OptionalInt.empty(), List.of());
    }
}
