package io.octostore.client.testing;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A lease of the fake server. Guarded by the monitor of its state. */
final class FakeLease {
    final Wish wish;
    final Instant grantedAt;
    List<Hold> holds;
    long token;
    Instant expiresAt;
    Optional<Map<String, Object>> releaseRequested = Optional.empty();

    FakeLease(Wish wish, List<Hold> holds, long token, Instant grantedAt) {
        this.wish = wish;
        this.holds = holds;
        this.token = token;
        this.grantedAt = grantedAt;
        this.expiresAt = grantedAt.plus(wish.ttl());
    }

    String id() {
        return wish.leaseId();
    }

    boolean holds(String name) {
        return holds.stream().anyMatch(hold -> hold.name().equals(name));
    }

    Hold hold(String name) {
        return holds.stream()
                .filter(hold -> hold.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Everything that its holder may know. */
    Map<String, Object> json(String status, boolean proof) {
        Map<String, Object> json = new HashMap<>(facts());
        json.putAll(holds.get(0).json());
        json.put("status", status);
        json.put("lease_id", id());
        json.put("locks", holds.stream().map(Hold::json).toList());
        wish.sessionId().ifPresent(session -> json.put("session_id", session));
        if (proof) json.put("proof", "proof-of-fencing-token-" + token + "-until-" + expiresAt);
        releaseRequested.ifPresent(request -> json.put("release_requested", request));
        return json;
    }

    /** What a user may know of how it holds a lock. */
    Map<String, Object> json(String name, String user) {
        Map<String, Object> json = new HashMap<>(facts());
        json.putAll(hold(name).json());
        if (user.equals(wish.user())) json.put("lease_id", id());
        return json;
    }

    private Map<String, Object> facts() {
        Map<String, Object> facts = new HashMap<>(Map.of(
                "fencing_token", token,
                "expires_at", expiresAt.toString(),
                "holder", wish.user(),
                "holder_id", Wish.idOf(wish.user())));
        wish.metadata().ifPresent(note -> facts.put("metadata", note));
        return facts;
    }
}
