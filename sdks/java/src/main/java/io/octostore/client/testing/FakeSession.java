package io.octostore.client.testing;

import java.time.Duration;
import java.time.Instant;

/** A session of the fake server. Guarded by the monitor of its state. */
final class FakeSession {
    final String id;
    final String user;
    final Duration ttl;
    Instant expiresAt;

    FakeSession(String id, String user, Duration ttl, Instant expiresAt) {
        this.id = id;
        this.user = user;
        this.ttl = ttl;
        this.expiresAt = expiresAt;
    }
}
