package io.octostore.client.internal;

/**
 * The server's response.
 *
 * @param sentAt when the successful attempt was sent
 */
public record Result<T>(T value, Moment sentAt) {}
