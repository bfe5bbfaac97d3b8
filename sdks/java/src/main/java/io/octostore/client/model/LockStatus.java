package io.octostore.client.model;

import java.time.Instant;

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
     * @param lock who holds it, and until when
     * @param waiters number of requests waiting for the lock
     */
    record Held(HeldLock lock, long waiters) implements LockStatus {
        @Override
        public String name() {
            return lock.name();
        }

        @Override
        public long fencingToken() {
            return lock.fencingToken();
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
