package io.octostore.client;

import io.octostore.client.internal.Attempt;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Limits;
import io.octostore.client.internal.Readers;
import io.octostore.client.internal.Repeat;
import io.octostore.client.internal.Request;
import io.octostore.client.internal.Result;
import io.octostore.client.internal.Servers;
import io.octostore.client.model.CreatedSession;
import io.octostore.client.model.KeptSession;
import io.octostore.client.model.SessionStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The routes of sessions. */
final class SessionApi {
    private final Caller caller;

    SessionApi(Caller caller) {
        this.caller = caller;
    }

    Caller.Settings settings() {
        return caller.settings();
    }

    /** Timeout of one attempt. */
    Duration timeout() {
        return caller.transport().timeout();
    }

    /** Creates a session. Also returns when the request was sent; the session cannot have begun earlier. */
    Result<CreatedSession> create(Duration ttl) {
        Checks.sessionTtl(ttl);
        Request request = Request.post("/sessions", Map.of("ttl_seconds", ttl.toSeconds()));
        return caller.timedCall(Attempt.of(request, Readers::createdSession), Repeat.UNSENT);
    }

    KeptSession keepalive(String sessionId) {
        return caller.call(keepaliveOf(sessionId), Repeat.SAFE);
    }

    Servers servers() {
        return caller.servers();
    }

    /** One attempt at a keepalive, in the background. */
    CompletableFuture<Result<KeptSession>> renewal(String sessionId, String server) {
        return caller.attempt(keepaliveOf(sessionId), server);
    }

    SessionStatus status(String sessionId) {
        return caller.call(Attempt.of(Request.get(path(sessionId)), Readers::sessionStatus), Repeat.SAFE);
    }

    void end(String sessionId) {
        end(sessionId, Limits.none(caller.timeline()));
    }

    void end(String sessionId, Limits limits) {
        caller.call(Attempt.ofNothing(Request.delete(path(sessionId))), Repeat.UNTIL_GONE, limits);
    }

    private static Attempt<KeptSession> keepaliveOf(String sessionId) {
        return Attempt.of(Request.post(path(sessionId) + "/keepalive"), Readers::keptSession);
    }

    private static String path(String sessionId) {
        return "/sessions/" + Request.encoded(sessionId);
    }
}
