package io.octostore.client;

import io.octostore.client.error.AuthenticationException;
import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.model.LockStatus;
import io.octostore.client.model.PrefixState;
import io.octostore.client.model.WatchUpdate;
import java.util.Iterator;

/**
 * The updates of one watch. After a disconnect, it resumes without a gap or a repeat. It connects when you ask for the
 * first update. One thread iterates, once; any thread may close it.
 *
 * @param <S> the state: {@link LockStatus} for one lock, {@link PrefixState} for many
 */
public interface Watch<S> extends Iterable<WatchUpdate<S>>, AutoCloseable {
    /**
     * The updates. {@link Iterator#hasNext} waits for one. It returns false once the watch is closed. It throws an
     * {@link OctoStoreException} that retrying cannot fix, such as {@link AuthenticationException}, or
     * {@link CallInterruptedException}, after which you can continue the iteration.
     *
     * @return the only iterator of this watch
     * @throws IllegalStateException if it was already called
     */
    @Override
    Iterator<WatchUpdate<S>> iterator();

    /** Ends the watch. An iteration that is waiting ends too. */
    @Override
    void close();
}
