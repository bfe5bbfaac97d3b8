package io.octostore.client.model;

/**
 * One update of a watch: the current state first, then each event.
 *
 * @param <S> the state: {@link LockStatus} for one lock, {@link PrefixState} for many
 */
public sealed interface WatchUpdate<S> {
    /**
     * The current state.
     *
     * @param <S> the kind of state
     * @param state the current state
     */
    record State<S>(S state) implements WatchUpdate<S> {}

    /**
     * Something happened.
     *
     * @param <S> the kind of state
     * @param event what happened
     */
    record Event<S>(LockEvent event) implements WatchUpdate<S> {}

    /**
     * Events were missed, because the event log no longer reaches back far enough. The current state follows.
     *
     * @param <S> the kind of state
     * @param message a sentence for people
     */
    record Reset<S>(String message) implements WatchUpdate<S> {}
}
