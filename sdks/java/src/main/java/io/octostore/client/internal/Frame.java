package io.octostore.client.internal;

import java.util.Optional;

/**
 * One frame of a stream of Server-Sent Events.
 *
 * @param event its kind
 */
public record Frame(String event, Optional<String> id, String data) {}
