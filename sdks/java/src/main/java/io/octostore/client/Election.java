package io.octostore.client;

import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.error.OctoStoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Takes part in an election, on a thread of its own: campaigns and leads in turn until you stop it. It also ends with
 * what the leader throws, and with errors that retrying cannot fix, such as authentication errors.
 */
public interface Election extends AutoCloseable {
    /** Tells the leader to stop, or ends the campaign. Does not wait. */
    void stop();

    /**
     * Waits until the election has ended, with the leader returned and the lock released.
     *
     * @throws OctoStoreException if it ended with an error that retrying cannot fix
     * @throws CallInterruptedException if the calling thread is interrupted; the election continues
     * @throws CompletionException if the leader threw a checked exception, which is its cause. Unchecked exceptions are
     *     thrown as they are
     */
    void join();

    /**
     * How the election ends. An error is logged if no one has called this or {@link #join} before.
     *
     * @return completed when the election has ended, with the leader returned and the lock released: with null, or
     *     exceptionally with the error that ended it. Completing or cancelling it does not affect the election
     */
    CompletableFuture<Void> ended();

    /** {@return the name of the lock} */
    String name();

    /**
     * Stops, and waits until the leader has returned and the lock is released. Never fails: {@link #join} reports how
     * the election ended. An interrupt does not shorten the wait, and the interrupt flag stays set afterwards.
     */
    @Override
    void close();
}
