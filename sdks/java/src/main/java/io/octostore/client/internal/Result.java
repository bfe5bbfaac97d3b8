package io.octostore.client.internal;

/**
 * What the server said.
 *
 * @param sentAt when the attempt that was answered was sent
 */
public record Result<T>(T value, Moment sentAt) {}
