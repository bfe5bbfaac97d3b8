package io.octostore.client.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An event that is or was to be told to a webhook.
 *
 * @param id also the {@code webhook-id} header, the same on every attempt
 * @param webhookId id of the webhook
 * @param state what has become of it
 * @param deadReason why it was given up
 * @param payload the event
 * @param attempts the most recent ones, oldest first
 * @param nextAttemptAt when it is tried again
 * @param createdAt when it was created
 */
public record Delivery(
        String id,
        String webhookId,
        DeliveryState state,
        Optional<String> deadReason,
        LockEvent payload,
        List<DeliveryAttempt> attempts,
        Optional<Instant> nextAttemptAt,
        Instant createdAt) {}
