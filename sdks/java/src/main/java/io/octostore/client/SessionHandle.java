package io.octostore.client;

import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.internal.Result;
import io.octostore.client.model.CreatedSession;
import java.time.Duration;
import java.util.Optional;

/** A session that is kept alive in the background until it is ended or lost. All locks held in it end with it. */
public final class SessionHandle extends Handle {
    private final String sessionId;

    private SessionHandle(SessionApi api, String sessionId, Keeper keeper) {
        super(
                new Ending(keeper, limits -> api.end(sessionId, limits)),
                api.settings().releaseOnExit());
        this.sessionId = sessionId;
    }

    /** Creates a session and keeps it alive. */
    static SessionHandle open(SessionApi api, Duration ttl) {
        Result<CreatedSession> created = api.create(ttl);
        String id = created.value().sessionId();
        return new SessionHandle(
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

    /** {@return the id of the session, a UUID} */
    public String sessionId() {
        return sessionId;
    }

    /**
     * Ends the session and releases its locks, in no more time than what is left of it. Doing so again does nothing,
     * and it is not an error if the session was already lost.
     *
     * @throws OctoStoreException if the server cannot be reached; the session then expires on its own
     * @throws CallInterruptedException if the thread is interrupted; the session is still ended in the background
     */
    public void end() {
        giveBack();
    }

    /** {@return for logs and debugging} */
    @Override
    public String toString() {
        return "SessionHandle(" + sessionId + ", " + ending().leftText() + ")";
    }
}
