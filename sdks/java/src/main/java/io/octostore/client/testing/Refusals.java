package io.octostore.client.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Why someone cannot have a lock now. */
final class Refusals {
    private final FakeState state;
    private final LockTable table;

    Refusals(FakeState state, LockTable table) {
        this.state = state;
        this.table = table;
    }

    Reply of(Place place, boolean hasWaited) {
        Hold wanted = table.obstacle(place).orElse(place.wish.wanted().get(0));
        Map<String, Object> more = new HashMap<>();
        if (hasWaited)
            more.putAll(Map.of("position", 1 + table.line.indexOf(place), "waiters", table.waiters(wanted.name())));
        String name = wanted.name();
        if (!wanted.fits(table.holds(name))) return heldBy(name, wanted, more);
        boolean isDelayed = table.delay(name).isPresent();
        return conflict(
                isDelayed ? "lock_delayed" : "lock_queued",
                name,
                table.delay(name).orElse(state.now()),
                more);
    }

    private Reply heldBy(String name, Hold wanted, Map<String, Object> more) {
        int limit = table.holds(name).get(0).limit();
        if (wanted.isCounted() && limit > 0 && limit != wanted.limit()) {
            Map<String, Object> all = new HashMap<>(more);
            all.put("limit", limit);
            return conflict("limit_mismatch", name, table.holders(name).get(0).expiresAt, all);
        }
        return heldBy(name, table.holders(name).get(0), more);
    }

    Reply heldBy(String name, FakeLease lease, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>(lease.json(name, ""));
        body.putAll(more);
        body.put("lock", Map.of("name", name, "holder", lease.wish.user()));
        body.put(
                "retry_after_ms", Duration.between(state.now(), lease.expiresAt).toMillis());
        return Reply.error(409, "lock_held", "The lock is already held.", body);
    }

    private Reply conflict(String code, String name, Instant until, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>(more);
        body.put("lock", Map.of("name", name));
        body.put("expires_at", until.toString());
        return Reply.error(409, code, "You cannot have this lock now.", body);
    }
}
