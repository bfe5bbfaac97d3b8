package io.octostore.client.internal;

import io.octostore.client.error.CallInterruptedException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;

/**
 * Waiting on the caller's thread. Unless noted otherwise, an interrupt ends it with {@link CallInterruptedException}.
 */
public final class Waiting {
    private Waiting() {}

    /** The result of a future, which an interrupt cancels. Throws the client's error for its failure. */
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

    /**
     * Waits until something ends, however it ends. An interrupt does not shorten this; the interrupt flag stays set.
     */
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

    public static void pause(Timeline timeline, Duration duration) {
        pauseUnless(new CompletableFuture<>(), timeline, duration);
    }

    /** Waits for that long, unless something happens first. */
    public static void pauseUnless(CompletableFuture<Void> something, Timeline timeline, Duration duration) {
        CompletableFuture<Void> over = something.copy();
        Future<?> alarm = timeline.after(duration, () -> over.complete(null));
        try {
            over.get();
        } catch (InterruptedException interrupted) {
            throw interruption();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            alarm.cancel(false);
        }
    }

    /** Throws if the thread has already been interrupted. */
    static void check() {
        if (Thread.currentThread().isInterrupted()) throw interruption();
    }

    /** The error for an interrupt. The interrupt flag stays set. */
    public static CallInterruptedException interruption() {
        Thread.currentThread().interrupt();
        return new CallInterruptedException();
    }
}
