package io.octostore.client.testing;

import java.time.Duration;
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
    Optional<Map<String, Object>> releaseRequested = Optional.empty();
    private Duration ttl;
    private Instant renewedAt;

    FakeLease(Wish wish, List<Hold> holds, long token, Instant grantedAt) {
        this.wish = wish;
        this.holds = holds;
        this.token = token;
        this.grantedAt = grantedAt;
        this.ttl = wish.ttl();
        this.renewedAt = grantedAt;
    }

    String id() {
        return wish.leaseId();
    }

    void renew(Duration newTtl, Instant now) {
        ttl = newTtl;
        renewedAt = now;
    }

    /** It ends with its session, if that comes first. */
    Instant expiresAt() {
        Instant own = renewedAt.plus(ttl);
        return wish.session()
                .map(session -> session.expiresAt)
                .filter(own::isAfter)
                .orElse(own);
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

    /**
     * Everything that its holder may know.
     *
     * @param name the lock that it is about; empty if it is about all
     */
    Map<String, Object> json(String status, Optional<String> name, boolean proof, Instant now) {
        Map<String, Object> json = new HashMap<>(facts());
        name.ifPresent(one -> json.putAll(hold(one).json()));
        json.put("status", status);
        json.put("lease_id", id());
        json.put("renew_after_ms", renewAfter(now).toMillis());
        if (name.isEmpty() || holds.size() > 1)
            json.put("locks", holds.stream().map(Hold::json).toList());
        wish.session().ifPresent(session -> json.put("session_id", session.id));
        if (proof) json.put("proof", "proof-of-fencing-token-" + token + "-until-" + expiresAt());
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

    /** A third of the TTL after the last renewal. */
    private Duration renewAfter(Instant now) {
        Duration left = ttl.dividedBy(3).minus(Duration.between(renewedAt, now));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private Map<String, Object> facts() {
        Map<String, Object> facts = new HashMap<>(Map.of(
                "fencing_token", token,
                "expires_at", expiresAt().toString(),
                "holder", wish.user(),
                "holder_id", Wish.idOf(wish.user())));
        wish.metadata().ifPresent(note -> facts.put("metadata", note));
        return facts;
    }
}
