package io.octostore.client.model;

import java.time.Instant;

/**
 * The status of a session.
 *
 * @param sessionId id of the session
 * @param userId id of its user
 * @param expiresAt when it expires unless it is kept alive, by the server's clock
 * @param lockCount number of locks that it holds
 * @param active whether it is alive
 */
public record SessionStatus(String sessionId, String userId, Instant expiresAt, long lockCount, boolean active) {}
