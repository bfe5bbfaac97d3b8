package io.octostore.client.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The delivery of an event to a webhook.
 *
 * @param id also sent as the {@code webhook-id} header; the same on every attempt
 * @param webhookId id of the webhook
 * @param state its state
 * @param deadReason why it has failed for good
 * @param payload the event
 * @param attempts the most recent attempts, oldest first
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
