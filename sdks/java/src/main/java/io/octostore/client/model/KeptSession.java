package io.octostore.client.model;

import java.time.Instant;

/**
 * A session that was kept alive.
 *
 * @param sessionId id of the session
 * @param expiresAt when it expires unless it is kept alive, by the server's clock
 */
public record KeptSession(String sessionId, Instant expiresAt) {}
