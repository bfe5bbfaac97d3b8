package io.octostore.client;

import io.octostore.client.error.LostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A lock or session that is renewed in the background until you close or lose it. Made for try-with-resources.
 * Thread-safe.
 *
 * <p>A handle that is garbage-collected without having been closed logs a warning and is no longer renewed. An action
 * for {@link #onLost} that refers to its handle keeps it from being collected.
 */
public interface Handle extends AutoCloseable {
    /**
     * Whether it is lost. Checks the monotonic clock, so it is correct even if timers are late, as after the process
     * was paused.
     *
     * @return true from a margin before the time at which someone else could get it
     */
    boolean isLost();

    /**
     * Returns only if it is not lost.
     *
     * @throws LostException if it is lost
     */
    void throwIfLost();

    /**
     * Runs an action when it is lost, on a thread of the client. Runs it immediately if it is already lost, and never
     * if it is closed first.
     *
     * @param action the action to run
     */
    void onLost(Runnable action);

    /**
     * The loss, as a stage that you can wait for.
     *
     * @return completed with the reason when it is lost; never completed if it is closed first
     */
    CompletionStage<LostException> lost();

    /** {@return how long it is certain to be held; zero once it is lost or closed} */
    Duration remaining();

    /**
     * Releases the lock or ends the session, in no more time than what is left of it. Never fails: a lock or session
     * that cannot be closed expires on its own. An interrupt does not prevent this, and the interrupt flag stays set
     * afterwards.
     */
    @Override
    void close();

    /**
     * Does the same as {@link #close} without waiting.
     *
     * @return completed once it is closed; never exceptionally. Completing or cancelling it has no effect
     */
    CompletableFuture<Void> closeAsync();
}
