package io.octostore.client.testing;

import io.octostore.client.internal.Fields;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What an acquire asks for.
 *
 * @param lock its lock, unless it asks by the route of several
 * @param chosen whether the client knows the lease id, and so can come back to its place in line
 */
record Wish(
        String user,
        Optional<String> lock,
        String leaseId,
        boolean chosen,
        List<Hold> wanted,
        Duration ttl,
        Duration patience,
        Duration lockDelay,
        Duration minHold,
        boolean proof,
        Optional<String> metadata,
        Optional<FakeSession> session) {
    static Wish of(String user, Optional<String> lock, List<Hold> wanted, Fields body, Optional<FakeSession> session) {
        Optional<String> leaseId = body.optionalText("lease_id");
        Duration ttl = Validation.leaseTtl(body);
        return new Wish(
                user,
                lock,
                leaseId.orElseGet(() -> UUID.randomUUID().toString()),
                leaseId.isPresent(),
                wanted,
                ttl,
                Validation.waitAtMost(body),
                Validation.lockDelay(body, wanted),
                Validation.minHold(body, wanted, ttl),
                body.has("proof"),
                body.optionalText("metadata"),
                session);
    }

    /** The id of a user. */
    static String idOf(String user) {
        return UUID.nameUUIDFromBytes(user.getBytes(StandardCharsets.UTF_8)).toString();
    }

    boolean wants(String name) {
        return wanted.stream().anyMatch(hold -> hold.name().equals(name));
    }

    boolean wantsAnyOf(List<Hold> holds) {
        return holds.stream().anyMatch(hold -> wants(hold.name()));
    }

    /** Whether it asks for the same locks in the same way, in any order. */
    boolean isSame(Optional<FakeSession> otherSession, List<Hold> others) {
        return session.equals(otherSession) && demands(wanted).equals(demands(others));
    }

    private static Set<Hold> demands(List<Hold> holds) {
        return holds.stream().map(hold -> hold.withSlots(List.of())).collect(Collectors.toSet());
    }
}
