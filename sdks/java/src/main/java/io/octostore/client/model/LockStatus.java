package io.octostore.client.model;

/** How it stands with one lock. */
public sealed interface LockStatus {
    /** {@return the name of the lock} */
    String name();

    /**
     * {@return the fencing token of the present grant, or if there is none the highest one issued so far for any lock}
     */
    long fencingToken();

    /** {@return how many requests wait for the lock} */
    long waiters();

    /**
     * Somebody holds it.
     *
     * @param lock who holds it, and how long
     * @param waiters how many requests wait for the lock
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
     * Nobody holds it.
     *
     * @param name name of the lock
     * @param message a sentence for people
     * @param fencingToken the highest fencing token issued so far, for any lock
     * @param waiters how many requests wait for the lock
     */
    record Available(String name, String message, long fencingToken, long waiters) implements LockStatus {}
}
