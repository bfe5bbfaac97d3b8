package io.octostore.client.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The sessions of the fake server. */
final class FakeSessions {
    private record Session(String user, Duration ttl, Instant expiresAt) {}

    private final FakeState state;
    private final Map<String, Session> sessions = new HashMap<>();

    FakeSessions(FakeState state) {
        this.state = state;
    }

    Reply create(String user, Duration ttl) {
        String id = UUID.randomUUID().toString();
        extend(id, user, ttl);
        return Reply.created(Map.of(
                "session_id",
                id,
                "expires_at",
                sessions.get(id).expiresAt().toString(),
                "keepalive_interval_secs",
                ttl.toSeconds() / 3));
    }

    Reply keepalive(String user, String id) {
        if (!has(user, id)) return notFound();
        extend(id, user, sessions.get(id).ttl());
        return Reply.of(Map.of(
                "session_id", id, "expires_at", sessions.get(id).expiresAt().toString()));
    }

    Reply status(String user, String id) {
        if (!has(user, id)) return notFound();
        return Reply.of(Map.of(
                "session_id", id,
                "user_id", Wish.idOf(user),
                "expires_at", sessions.get(id).expiresAt().toString(),
                "lock_count", state.locks.views().countOfSession(id),
                "active", true));
    }

    Reply end(String user, String id) {
        if (!has(user, id)) return notFound();
        sessions.remove(id);
        state.locks.endSession(id, "released");
        return Reply.nothing();
    }

    boolean has(String user, String id) {
        return Optional.ofNullable(sessions.get(id))
                .filter(session -> session.user().equals(user))
                .isPresent();
    }

    int count() {
        return sessions.size();
    }

    static Reply notFound() {
        return Reply.error(404, "session_not_found", "You have no such session.");
    }

    private void extend(String id, String user, Duration ttl) {
        sessions.put(id, new Session(user, ttl, state.now().plus(ttl)));
        state.after(ttl, this::expireDue);
    }

    private void expireDue() {
        List<String> due = sessions.entrySet().stream()
                .filter(entry -> !entry.getValue().expiresAt().isAfter(state.now()))
                .map(Map.Entry::getKey)
                .toList();
        for (String id : due) {
            sessions.remove(id);
            state.locks.endSession(id, "expired");
        }
    }
}
