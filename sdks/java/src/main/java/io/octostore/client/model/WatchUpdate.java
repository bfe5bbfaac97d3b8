package io.octostore.client.model;

/**
 * What a watch tells: the present state first, then what happens.
 *
 * @param <S> the state: {@link LockStatus} of one lock, {@link PrefixState} of many
 */
public sealed interface WatchUpdate<S> {
    /**
     * The present state.
     *
     * @param <S> the kind of state
     * @param state how it stands now
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
     * Events were missed, since the server's log no longer reaches back to them. The present state follows.
     *
     * @param <S> the kind of state
     * @param message a sentence for people
     */
    record Reset<S>(String message) implements WatchUpdate<S> {}
}
