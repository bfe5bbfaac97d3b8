package io.octostore.conformance;

import io.octostore.client.Watch;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.model.WatchUpdate;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** A watch that is asked for its next update with a time-out, which loses none. */
final class OpenWatch {
    private static final Object NONE_YET = new Object();

    private final Watch<?> watch;
    private final Iterator<? extends WatchUpdate<?>> updates;
    /** The update that was asked for last, if it has not been given yet. */
    private CompletableFuture<Object> coming;

    <S> OpenWatch(Watch<S> watch) {
        this.watch = watch;
        this.updates = watch.iterator();
    }

    void close() {
        watch.close();
    }

    /** Null if no update comes in time. */
    Object next(Duration timeout) {
        CompletableFuture<Object> asked = ask();
        try {
            Object update = asked.copy()
                    .completeOnTimeout(NONE_YET, timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            if (update == NONE_YET) return null;
            forget(asked);
            return update;
        } catch (CompletionException failed) {
            forget(asked);
            throw (OctoStoreException) failed.getCause();
        }
    }

    private synchronized CompletableFuture<Object> ask() {
        if (coming == null) {
            coming = new CompletableFuture<>();
            Thread thread = new Thread(() -> await(coming));
            thread.setDaemon(true);
            thread.start();
        }
        return coming;
    }

    private void await(CompletableFuture<Object> update) {
        try {
            update.complete(updates.hasNext() ? Wire.update(updates.next()) : Map.of("type", "end"));
        } catch (OctoStoreException error) {
            update.completeExceptionally(error);
        }
    }

    private synchronized void forget(CompletableFuture<Object> given) {
        if (coming == given) coming = null;
    }
}
