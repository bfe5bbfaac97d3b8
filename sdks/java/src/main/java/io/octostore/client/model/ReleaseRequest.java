package io.octostore.client.model;

import java.time.Instant;
import java.util.Optional;

/**
 * Someone asks the holders of a lock to release it. Each of them decides.
 *
 * @param by login of the user who asks
 * @param message what they say
 * @param at when they asked, by the server's clock
 */
public record ReleaseRequest(String by, Optional<String> message, Instant at) {}
