package io.octostore.client.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Why someone cannot have a lock now. */
final class Refusals {
    private final FakeState state;
    private final LockTable table;

    Refusals(FakeState state, LockTable table) {
        this.state = state;
        this.table = table;
    }

    /** @param isInLine whether the client learns of its place */
    Reply of(Place place, boolean isInLine) {
        Hold wanted = table.obstacle(place).orElse(place.wish.wanted().get(0));
        String name = wanted.name();
        Map<String, Object> more =
                isInLine ? Map.of("position", table.position(place, name), "waiters", table.waiters(name)) : Map.of();
        if (!wanted.fits(table.holds(name))) return heldBy(name, wanted, more);
        Optional<Instant> delay = table.delay(name);
        return delay.isPresent()
                ? conflict("lock_delayed", "delayed", name, delay.get(), more)
                : conflict("lock_queued", "queued", name, state.now(), more);
    }

    private Reply heldBy(String name, Hold wanted, Map<String, Object> more) {
        FakeLease first = table.holders(name).get(0);
        int limit = first.hold(name).limit();
        if (!wanted.isCounted() || limit == 0 || limit == wanted.limit()) return heldBy(name, first, more);
        Map<String, Object> all = new HashMap<>(more);
        all.put("limit", limit);
        return heldBy("limit_mismatch", name, first, all);
    }

    Reply heldBy(String name, FakeLease lease, Map<String, Object> more) {
        return heldBy("lock_held", name, lease, more);
    }

    private Reply heldBy(String code, String name, FakeLease lease, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(more);
        all.put("holder_id", Wish.idOf(lease.wish.user()));
        lease.wish.metadata().ifPresent(note -> all.put("metadata", note));
        Map<String, Object> lock = Map.of(
                "name", name,
                "holder", lease.wish.user(),
                "expires_at", lease.expiresAt().toString());
        return conflict(code, "held", lock, lease.expiresAt(), all);
    }

    private Reply conflict(String code, String status, String name, Instant until, Map<String, Object> more) {
        return conflict(code, status, Map.of("name", name, "expires_at", until.toString()), until, more);
    }

    private Reply conflict(
            String code, String status, Map<String, Object> lock, Instant until, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>(more);
        body.put("status", status);
        body.put("lock", lock);
        body.put("expires_at", until.toString());
        body.put("retry_after_ms", Duration.between(state.now(), until).toMillis());
        return Reply.error(409, code, "You cannot have this lock now.", body);
    }
}
