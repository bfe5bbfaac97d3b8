package io.octostore.spring;

import io.octostore.client.LockHandle;
import org.aopalliance.intercept.MethodInvocation;

/** The lock under which a method with {@link Locked} or {@link SingleRun} runs. */
public final class CurrentLock {
    private static final ThreadLocal<LockHandle> CURRENT = new ThreadLocal<>();

    private CurrentLock() {}

    /**
     * The lock of the innermost method that runs on this thread. It has the fencing token, to send with every write,
     * and says whether it is lost.
     *
     * @return the lock
     * @throws IllegalStateException if no such method runs on this thread
     */
    public static LockHandle get() {
        LockHandle lock = CURRENT.get();
        if (lock == null) {
            throw new IllegalStateException("No lock is held on this thread. Call CurrentLock.get() in a method with"
                    + " @Locked or @SingleRun that Spring calls.");
        }
        return lock;
    }

    /** Runs a method during which this is the current lock. */
    static Object during(LockHandle lock, MethodInvocation invocation) throws Exception {
        LockHandle outer = CURRENT.get();
        CURRENT.set(lock);
        try {
            return invocation.proceed();
        } catch (Exception | Error thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        } finally {
            if (outer == null) CURRENT.remove();
            else CURRENT.set(outer);
        }
    }
}
