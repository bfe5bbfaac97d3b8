package io.octostore.client.model;

import java.time.Instant;

/**
 * How it stands with a session.
 *
 * @param sessionId id of the session
 * @param userId id of its user
 * @param expiresAt when it ends unless it is kept alive, by the server's clock
 * @param lockCount how many locks it holds
 * @param active whether it lives
 */
public record SessionStatus(String sessionId, String userId, Instant expiresAt, long lockCount, boolean active) {}
