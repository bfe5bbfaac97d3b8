package io.octostore.client;

import io.octostore.client.error.ErrorFacts;
import io.octostore.client.error.ServerException;
import io.octostore.client.internal.Fields;
import io.octostore.client.internal.Frame;
import io.octostore.client.internal.MalformedException;
import io.octostore.client.internal.Readers;
import io.octostore.client.model.LockEventType;
import io.octostore.client.model.WatchUpdate;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the frames of a watch.
 *
 * @param state reads the data of a {@code state} frame
 */
record UpdateReader<S>(Function<Fields, S> state) {
    private static final Set<String> EVENTS =
            Arrays.stream(LockEventType.values()).map(LockEventType::wireName).collect(Collectors.toSet());

    /** Empty for a kind of event that this version does not know. */
    Optional<WatchUpdate<S>> read(Frame frame) {
        try {
            Fields data = Fields.parse(frame.data());
            return switch (frame.event()) {
                case "state" -> Optional.of(new WatchUpdate.State<>(state.apply(data)));
                case "reset" -> Optional.of(new WatchUpdate.Reset<>(data.text("message")));
                default ->
                    EVENTS.contains(frame.event())
                            ? Optional.of(new WatchUpdate.Event<>(Readers.lockEvent(data)))
                            : Optional.empty();
            };
        } catch (MalformedException malformed) {
            throw new ServerException("an event of the server cannot be understood", ErrorFacts.ofStatus(200));
        }
    }
}
