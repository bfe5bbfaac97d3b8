package io.octostore.client;

import io.octostore.client.error.LostException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.internal.Background;
import io.octostore.client.internal.Waiting;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Something that is held on the server and renewed in the background, until it is given back or lost. Made for
 * {@code try} with resources. Safe for use by many threads.
 */
public abstract sealed class Handle implements AutoCloseable permits LockHandle, SessionHandle {
    private final Keeper keeper;
    private CompletableFuture<Void> end;

    Handle(Keeper keeper) {
        this.keeper = keeper;
    }

    /**
     * Whether it is lost. Looks at the monotonic clock, and so is right also when timers are late, as after a pause of
     * the whole process.
     *
     * @return true from a margin before the time at which somebody else could have it
     */
    public final boolean isLost() {
        return keeper.loss().isPresent();
    }

    /**
     * Goes on only if it is not lost.
     *
     * @throws LostException if it is
     */
    public final void throwIfLost() {
        keeper.loss().ifPresent(loss -> {
            throw loss;
        });
    }

    /**
     * Runs something when it is lost, on a thread of the client; at once if it is lost already, and never if it is
     * given back before that.
     *
     * @param action what to run
     */
    public final void onLost(Runnable action) {
        keeper.lost().thenRun(() -> Background.workers().execute(action));
    }

    /**
     * The loss, as something to wait for.
     *
     * @return completed with the reason when it is lost; never completed if it is given back before that
     */
    public final CompletionStage<LostException> lost() {
        return keeper.lost().minimalCompletionStage();
    }

    /** {@return how long it is held for certain; zero once it is lost or given back} */
    public final Duration remaining() {
        return keeper.remaining();
    }

    /**
     * Gives it back and never fails: what cannot be given back ends when its time is over. An interrupt does not keep
     * it from being given back, and is still noted in the thread afterwards.
     */
    @Override
    public final void close() {
        Waiting.awaitEnd(end());
    }

    /** Gives it back. That it had been lost is no error; that the server cannot be told is one. */
    final void giveBack() {
        Waiting.await(end().copy());
    }

    /** What keeps it alive. */
    final Keeper keeper() {
        return keeper;
    }

    /** Tells the server. */
    abstract void tellEnd();

    /** Begins to give it back, if that has not begun already. */
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
            // It had been lost, which is what its signals tell.
        }
    }
}
