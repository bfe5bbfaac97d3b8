package io.octostore.client;

import io.octostore.client.error.ValidationException;
import io.octostore.client.internal.Result;
import io.octostore.client.model.CreatedSession;
import java.time.Duration;
import java.util.Optional;

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
                        Optional.empty())));
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
