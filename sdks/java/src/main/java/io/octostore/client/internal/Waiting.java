package io.octostore.client.internal;

import io.octostore.client.error.CallInterruptedException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/**
 * Waiting of the caller's thread. Unless it says otherwise, an interrupt ends it with {@link CallInterruptedException}.
 */
public final class Waiting {
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private Waiting() {}

    /** What comes of a future, which an interrupt cancels. Throws the error of the client for what it failed with. */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            future.cancel(true);
            throw interruption();
        } catch (ExecutionException | CancellationException failed) {
            throw Failures.of(failed);
        }
    }

    /** Waits for the end of something, however it ends. An interrupt changes nothing but is not forgotten. */
    public static void awaitEnd(CompletableFuture<?> future) {
        boolean wasInterrupted = false;
        while (!future.isDone()) {
            try {
                future.handle((value, error) -> null).get();
            } catch (InterruptedException interrupted) {
                wasInterrupted = true;
            } catch (ExecutionException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        if (wasInterrupted) Thread.currentThread().interrupt();
    }

    static void lock(Lock lock) {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            throw interruption();
        }
    }

    public static void pause(Duration duration) {
        pauseUnless(NEVER, duration);
    }

    /** Waits for so long, unless something happens first. */
    public static void pauseUnless(CountDownLatch something, Duration duration) {
        try {
            something.await(Moment.nanosOf(duration), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            throw interruption();
        }
    }

    /** Throws if the thread has been interrupted already. */
    static void check() {
        if (Thread.currentThread().isInterrupted()) throw interruption();
    }

    /** The error for an interrupt, which stays noted in the thread. */
    public static CallInterruptedException interruption() {
        Thread.currentThread().interrupt();
        return new CallInterruptedException();
    }
}
