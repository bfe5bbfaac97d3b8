package io.octostore.client;

import io.octostore.client.HandleEvent.Type;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.internal.Background;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** Tells the observer of a client what happens to one lock or session, in order. It does not refer to the handle. */
final class Observation {
    private static final Logger LOGGER = System.getLogger("io.octostore.client");

    /** Makes the event of a type, with the error if there is one. */
    interface Events extends BiFunction<Type, Optional<OctoStoreException>, HandleEvent> {}

    private final Optional<HandleObserver> observer;
    private final Events events;
    /** Completed when the observer knows of everything so far. Guarded by this object's monitor. */
    private CompletableFuture<Void> told = CompletableFuture.completedFuture(null);

    Observation(Optional<HandleObserver> observer, Events events) {
        this.observer = observer;
        this.events = events;
    }

    static Observation none() {
        return new Observation(Optional.empty(), (type, error) -> {
            throw new IllegalStateException("no one observes this");
        });
    }

    /** Tells the observer that it was acquired, on the thread of the caller. */
    void begin() {
        tellNow(Type.ACQUIRED, Optional.empty());
    }

    /** {@return completed when the observer knows of it} */
    synchronized CompletableFuture<Void> tell(Type type, Optional<OctoStoreException> error) {
        if (observer.isEmpty()) return told;
        told = told.thenRunAsync(() -> tellNow(type, error), Background.workers());
        return told;
    }

    private void tellNow(Type type, Optional<OctoStoreException> error) {
        try {
            observer.ifPresent(one -> one.observe(events.apply(type, error)));
        } catch (RuntimeException | Error failure) {
            LOGGER.log(Level.WARNING, "The observer of a client has failed", failure);
        }
    }
}
