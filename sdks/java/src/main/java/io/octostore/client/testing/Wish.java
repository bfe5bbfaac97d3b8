package io.octostore.client.testing;

import io.octostore.client.internal.Fields;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What an acquire asks for. */
record Wish(
        String user,
        String leaseId,
        List<Hold> wanted,
        Duration ttl,
        Duration patience,
        Duration lockDelay,
        Duration minHold,
        boolean proof,
        Optional<String> metadata,
        Optional<String> sessionId) {
    static Wish of(String user, List<Hold> wanted, Fields body) {
        return new Wish(
                user,
                body.optionalText("lease_id").orElseGet(() -> UUID.randomUUID().toString()),
                wanted,
                seconds(body, "ttl_seconds"),
                seconds(body, "wait_seconds"),
                seconds(body, "lock_delay_seconds"),
                seconds(body, "min_hold_seconds"),
                body.has("proof"),
                body.optionalText("metadata"),
                body.optionalText("session_id"));
    }

    static Duration seconds(Fields body, String name) {
        return Duration.ofSeconds(body.optionalNumber(name).orElse(0));
    }

    /** The id of a user. */
    static String idOf(String user) {
        return UUID.nameUUIDFromBytes(user.getBytes(StandardCharsets.UTF_8)).toString();
    }

    boolean wants(String name) {
        return wanted.stream().anyMatch(hold -> hold.name().equals(name));
    }
}
