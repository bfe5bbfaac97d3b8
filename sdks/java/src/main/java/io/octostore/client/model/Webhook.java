package io.octostore.client.model;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where the server sends events.
 *
 * @param id id of the webhook
 * @param userId id of its user
 * @param url the URL that it sends to
 * @param secret {@code ****} if there is one
 * @param events the kinds of events to send, or {@code *}
 * @param lockPattern which locks to send events for, as a glob
 * @param createdAt when it was created
 * @param active whether the server sends to it
 * @param disabledReason why the server has stopped sending to it
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
        Optional<String> disabledReason) {
    /** {@return for logs and debugging, without the secret, and with no more of the URL than its host} */
    @Override
    public String toString() {
        return "Webhook[id=" + id + ", host=" + host() + ", events=" + events + ", lockPattern=" + lockPattern
                + ", active=" + active + "]";
    }

    /** The path of a URL, its query and its user can be secrets. */
    private String host() {
        try {
            return URI.create(url).getHost();
        } catch (IllegalArgumentException noUrl) {
            return "?";
        }
    }
}
