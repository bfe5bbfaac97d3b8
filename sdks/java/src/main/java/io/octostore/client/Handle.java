package io.octostore.client;

import io.octostore.client.error.LostException;
import io.octostore.client.internal.Background;
import io.octostore.client.internal.Waiting;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A lock or session that is renewed in the background until you close or lose it. Made for try-with-resources.
 * Thread-safe.
 *
 * <p>A handle that is garbage-collected without having been closed logs a warning and is no longer renewed. An action
 * for {@link #onLost} that refers to its handle keeps it from being collected.
 */
public abstract sealed class Handle implements AutoCloseable permits LockHandle, SessionHandle {
    private final Keeper keeper;
    private final Ending ending;

    Handle(Ending ending, boolean closesOnExit) {
        this.keeper = ending.keeper();
        this.ending = ending;
        if (closesOnExit) OpenAtExit.add(ending);
        ForgottenHandles.expectEnd(this, keeper);
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
     * Releases the lock or ends the session, in no more time than what is left of it. Never fails: a lock or session
     * that cannot be closed expires on its own. An interrupt does not prevent this, and the interrupt flag stays set
     * afterwards.
     */
    @Override
    public final void close() {
        Waiting.awaitEnd(ending.end());
    }

    /** Releases or ends it. Throws if the server cannot be reached, but not if it was already lost. */
    final void giveBack() {
        Waiting.await(ending.end().copy());
    }

    /** Keeps it alive. */
    final Keeper keeper() {
        return keeper;
    }

    /** Ends it. */
    final Ending ending() {
        return ending;
    }
}
