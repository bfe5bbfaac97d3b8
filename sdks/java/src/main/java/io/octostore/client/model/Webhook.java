package io.octostore.client.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where the server tells of events.
 *
 * @param id id of the webhook
 * @param userId id of its user
 * @param url where it is told
 * @param secret {@code ****} if there is one
 * @param events names of the events that are told, or {@code *}
 * @param lockPattern which locks, as a glob
 * @param createdAt when it was created
 * @param active whether it is told anything
 * @param disabledReason why not
 */
public record Webhook(
        String id,
        String userId,
        String url,
        Optional<String> secret,
        List<String> events,
        Optional<String> lockPattern,
        Instant createdAt,
        boolean active,
        Optional<String> disabledReason) {}
