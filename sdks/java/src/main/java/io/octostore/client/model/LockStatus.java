package io.octostore.client.model;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/** The status of one lock. */
public sealed interface LockStatus {
    /** {@return the name of the lock} */
    String name();

    /** {@return the fencing token of the current grant, or if there is none, the highest issued so far for any lock} */
    long fencingToken();

    /** {@return number of requests waiting for the lock} */
    long waiters();

    /**
     * Someone holds it.
     *
     * @param lock who holds it, and until when; if several leases do, the one granted first
     * @param waiters number of requests waiting for the lock
     * @param holderCount number of leases that hold the lock
     * @param permitsInUse how many permits its leases have together, if it is counted
     * @param holders the first 100 leases that hold it, in the order they were granted
     */
    record Held(HeldLock lock, long waiters, long holderCount, OptionalInt permitsInUse, List<LockHolder> holders)
            implements LockStatus {

        /**
         * One lease holds the lock.
         *
         * @param lock who holds it, and until when
         * @param waiters number of requests waiting for the lock
         */
        public Held(HeldLock lock, long waiters) {
            this(lock, waiters, 1, OptionalInt.empty(), List.of(holderOf(lock)));
        }

        @Override
        public String name() {
            return lock.name();
        }

        @Override
        public long fencingToken() {
            return lock.fencingToken();
        }

        private static LockHolder holderOf(HeldLock lock) {
            return new LockHolder(
                    lock.leaseId(),
                    lock.fencingToken(),
                    lock.expiresAt(),
                    lock.holder(),
                    lock.holderId(),
                    lock.metadata(),
                    lock.slots());
        }
    }

    /**
     * No one holds it.
     *
     * @param name name of the lock
     * @param message a sentence for people
     * @param fencingToken the highest fencing token issued so far, for any lock
     * @param waiters number of requests waiting for the lock
     */
    record Available(String name, String message, long fencingToken, long waiters) implements LockStatus {}

    /**
     * No one holds it, and no one gets it for a while, because its last lease had a lock delay or a minimum hold.
     *
     * @param name name of the lock
     * @param message a sentence for people
     * @param fencingToken the highest fencing token issued so far, for any lock
     * @param waiters number of requests waiting for the lock
     * @param availableAt until when no one gets it, by the server's clock
     */
    record Delayed(String name, String message, long fencingToken, long waiters, Instant availableAt)
            implements LockStatus {}
}
