package io.octostore.client;

import io.octostore.client.error.LostException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.internal.Background;
import io.octostore.client.internal.Waiting;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A lock or session that is renewed in the background until you close or lose it. Made for try-with-resources.
 * Thread-safe.
 */
public abstract sealed class Handle implements AutoCloseable permits LockHandle, SessionHandle {
    private final Keeper keeper;
    private CompletableFuture<Void> end;

    Handle(Keeper keeper) {
        this.keeper = keeper;
    }

    /**
     * Whether it is lost. Checks the monotonic clock, so it is correct even if timers are late, as after the process
     * was paused.
     *
     * @return true from a margin before the time at which someone else could get it
     */
    public final boolean isLost() {
        return keeper.loss().isPresent();
    }

    /**
     * Returns only if it is not lost.
     *
     * @throws LostException if it is lost
     */
    public final void throwIfLost() {
        keeper.loss().ifPresent(loss -> {
            throw loss;
        });
    }

    /**
     * Runs an action when it is lost, on a thread of the client. Runs it immediately if it is already lost, and never
     * if it is closed first.
     *
     * @param action the action to run
     */
    public final void onLost(Runnable action) {
        keeper.lost().thenRun(() -> Background.workers().execute(action));
    }

    /**
     * The loss, as a stage that you can wait for.
     *
     * @return completed with the reason when it is lost; never completed if it is closed first
     */
    public final CompletionStage<LostException> lost() {
        return keeper.lost().minimalCompletionStage();
    }

    /** {@return how long it is certain to be held; zero once it is lost or closed} */
    public final Duration remaining() {
        return keeper.remaining();
    }

    /**
     * Releases the lock or ends the session. Never fails: a lock or session that cannot be closed expires on its own.
     * An interrupt does not prevent this, and the interrupt flag stays set afterwards.
     */
    @Override
    public final void close() {
        Waiting.awaitEnd(end());
    }

    /** Releases or ends it. Throws if the server cannot be reached, but not if it was already lost. */
    final void giveBack() {
        Waiting.await(end().copy());
    }

    /** Keeps it alive. */
    final Keeper keeper() {
        return keeper;
    }

    /** Tells the server. */
    abstract void tellEnd();

    /** Starts to release or end it, unless that has already started. */
    private synchronized CompletableFuture<Void> end() {
        if (end == null) {
            keeper.stop();
            end = keeper.isGone()
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.runAsync(this::tellEndOnce, Background.workers());
        }
        return end;
    }

    private void tellEndOnce() {
        try {
            tellEnd();
        } catch (NotFoundException alreadyGone) {
            // It was already lost, which its signals report.
        }
    }
}
