package io.octostore.client;

import io.octostore.client.error.OctoStoreException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.internal.Result;
import io.octostore.client.model.CreatedSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A session that is kept alive in the background. */
final class KeptSessionHandle extends KeptHandle implements SessionHandle {
    private final String sessionId;

    private KeptSessionHandle(SessionApi api, String sessionId, Keeper keeper) {
        super(
                new Ending(keeper, limits -> api.end(sessionId, limits)),
                api.settings().releaseOnExit());
        this.sessionId = sessionId;
    }

    /** Creates a session and keeps it alive. */
    static SessionHandle open(SessionApi api, Duration ttl) {
        Result<CreatedSession> created = api.create(ttl);
        String id = created.value().sessionId();
        return new KeptSessionHandle(
                api,
                id,
                Keeper.start(new Renewable(
                        "the session " + id,
                        ttl,
                        created.sentAt(),
                        api.timeout(),
                        api.servers(),
                        server -> api.renewal(id, server),
                        new Observation(api.settings().observer(), (type, error) -> event(id, type, error)),
                        Optional.empty())));
    }

    private static HandleEvent event(String id, HandleEvent.Type type, Optional<OctoStoreException> error) {
        return new HandleEvent(type, List.of(), Optional.of(id), OptionalLong.empty(), error);
    }

    /** The keeper of a session that locks are to end with. */
    static Keeper keeperOf(SessionHandle session) {
        if (session instanceof KeptSessionHandle kept) return kept.keeper();
        throw new ValidationException("The session must come from openSession of a client.");
    }

    @Override
    public String sessionId() {
        return sessionId;
    }

    @Override
    public void end() {
        giveBack();
    }

    /** {@return for logs and debugging} */
    @Override
    public String toString() {
        return "SessionHandle(" + sessionId + ", " + ending().leftText() + ")";
    }
}
