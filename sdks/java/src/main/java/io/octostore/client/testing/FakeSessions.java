package io.octostore.client.testing;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The sessions of the fake server. */
final class FakeSessions {
    private final FakeState state;
    private final Past past;
    private final Map<String, FakeSession> sessions = new HashMap<>();

    FakeSessions(FakeState state, Past past) {
        this.state = state;
        this.past = past;
    }

    Reply create(String user, Duration ttl) {
        FakeSession session = new FakeSession(
                UUID.randomUUID().toString(), user, ttl, state.now().plus(ttl));
        sessions.put(session.id, session);
        state.after(ttl, this::expireDue);
        return Reply.created(json(session));
    }

    Reply keepalive(String user, String id) {
        FakeSession session = find(user, id);
        session.expiresAt = state.now().plus(session.ttl);
        state.after(session.ttl, this::expireDue);
        return Reply.of(json(session));
    }

    Reply status(String user, String id) {
        return Reply.of(json(find(user, id)));
    }

    Reply end(String user, String id) {
        FakeSession session = find(user, id);
        sessions.remove(id);
        state.locks.endSession(session, "released", notFound());
        return Reply.nothing();
    }

    FakeSession find(String user, String id) {
        return Optional.ofNullable(sessions.get(id))
                .filter(session -> session.user.equals(user))
                .orElseThrow(() -> new Refused(past.expiredSession(user, id).orElseGet(FakeSessions::notFound)));
    }

    int count() {
        return sessions.size();
    }

    private static Reply notFound() {
        return Reply.error(404, "session_not_found", "You have no such session.");
    }

    private Map<String, Object> json(FakeSession session) {
        return Map.of(
                "session_id",
                session.id,
                "user_id",
                Wish.idOf(session.user),
                "expires_at",
                session.expiresAt.toString(),
                "keepalive_interval_secs",
                session.ttl.toSeconds() / 2,
                "lock_count",
                state.locks.views().countOf(session),
                "active",
                true);
    }

    private void expireDue() {
        List<FakeSession> due = sessions.values().stream()
                .filter(session -> !session.expiresAt.isAfter(state.now()))
                .toList();
        for (FakeSession session : due) {
            sessions.remove(session.id);
            Reply answer = past.remember(session);
            state.locks.endSession(session, "expired", answer);
        }
    }
}
