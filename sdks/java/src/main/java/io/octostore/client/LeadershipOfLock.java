package io.octostore.client;

import java.util.function.BooleanSupplier;

/** One period of leading with a lock. */
final class LeadershipOfLock implements Leadership {
    private final LockHandle lock;
    private final BooleanSupplier isStopped;

    LeadershipOfLock(LockHandle lock, BooleanSupplier isStopped) {
        this.lock = lock;
        this.isStopped = isStopped;
    }

    @Override
    public LockHandle lock() {
        return lock;
    }

    @Override
    public boolean mustStop() {
        return isStopped.getAsBoolean() || lock.isLost();
    }
}
