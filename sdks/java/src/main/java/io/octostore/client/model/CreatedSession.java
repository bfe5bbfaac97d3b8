package io.octostore.client.model;

import java.time.Duration;
import java.time.Instant;

/**
 * A new session.
 *
 * @param sessionId id of the session
 * @param expiresAt when it expires unless it is kept alive, by the server's clock
 * @param keepaliveInterval the interval between keepalives that the server recommends
 */
public record CreatedSession(String sessionId, Instant expiresAt, Duration keepaliveInterval) {}
