package io.octostore.client.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What has ended, and is remembered for a while. Guarded by the monitor of {@link FakeState}. */
final class Past {
    private static final Duration MEMORY = Duration.ofHours(1);

    private record Ended(String user, Instant at, Reply reply) {}

    private final FakeState state;
    private final Map<String, Ended> broken = new HashMap<>();
    private final Map<String, Ended> sessions = new HashMap<>();

    Past(FakeState state) {
        this.state = state;
    }

    void remember(FakeLease lease, String by, String reason) {
        Map<String, Object> facts = Map.of(
                "reason", reason, "broken_by", by, "broken_at", state.now().toString());
        Reply reply = Reply.error(410, "lease_broken", "An operator has ended your lease.", facts);
        broken.put(lease.id(), new Ended(lease.wish.user(), state.now(), reply));
    }

    /** {@return the answer about it} */
    Reply remember(FakeSession session) {
        Reply reply = Reply.error(410, "session_expired", "The session has expired. Open a new one.");
        sessions.put(session.id, new Ended(session.user, session.expiresAt, reply));
        return reply;
    }

    /** The answer about a lease that was broken. */
    Optional<Reply> brokenLease(String user, String leaseId) {
        return reply(broken.get(leaseId), user);
    }

    /** The answer about a session that has expired. */
    Optional<Reply> expiredSession(String user, String id) {
        return reply(sessions.get(id), user);
    }

    private Optional<Reply> reply(Ended ended, String user) {
        return Optional.ofNullable(ended)
                .filter(one -> one.user().equals(user))
                .filter(one -> !one.at().plus(MEMORY).isBefore(state.now()))
                .map(Ended::reply);
    }
}
