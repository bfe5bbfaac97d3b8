package io.octostore.client;

import java.util.function.BooleanSupplier;

/** One period of leading. */
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

    /** {@return whether the leader must stop, because the lock is lost or the election has been stopped} */
    public boolean mustStop() {
        return isStopped.getAsBoolean() || lock.isLost();
    }
}
