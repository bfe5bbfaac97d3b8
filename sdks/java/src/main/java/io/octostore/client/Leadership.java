package io.octostore.client;

import java.util.function.BooleanSupplier;

/** One time of leading. */
public final class Leadership {
    private final LockHandle lock;
    private final BooleanSupplier isStopped;

    Leadership(LockHandle lock, BooleanSupplier isStopped) {
        this.lock = lock;
        this.isStopped = isStopped;
    }

    /** {@return the lock that makes this process the leader} */
    public LockHandle lock() {
        return lock;
    }

    /** {@return whether the leader must stop, because the lock is lost or the election is stopped} */
    public boolean mustStop() {
        return isStopped.getAsBoolean() || lock.isLost();
    }
}
