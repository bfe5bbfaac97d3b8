package io.octostore.client.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** What users see of locks and their lines. */
final class LockViews {
    private final LockTable table;
    private final LongSupplier lastToken;

    LockViews(LockTable table, LongSupplier lastToken) {
        this.table = table;
        this.lastToken = lastToken;
    }

    Map<String, Object> status(String user, String name) {
        List<FakeLease> holders = table.holders(name);
        Map<String, Object> status = new HashMap<>();
        if (!holders.isEmpty()) {
            status.putAll(holders.get(0).json(name, user));
            status.put("status", "held");
            status.put("holder_count", holders.size());
            status.put(
                    "holders",
                    holders.stream().map(lease -> lease.json(name, user)).toList());
            int permits = holders.stream()
                    .mapToInt(lease -> lease.hold(name).permits())
                    .sum();
            if (permits > 0) status.put("permits_in_use", permits);
        } else {
            boolean isDelayed = table.delay(name).isPresent();
            status.putAll(Map.of(
                    "name",
                    name,
                    "status",
                    isDelayed ? "delayed" : "available",
                    "fencing_token",
                    lastToken.getAsLong()));
            status.put("message", isDelayed ? "Lock not available yet" : "Lock not currently held");
            table.delay(name).ifPresent(until -> status.put("available_at", until.toString()));
        }
        status.put("waiters", table.waiters(name));
        return status;
    }

    /** One entry for each lock of each lease. */
    List<Map<String, Object>> list(String user, String prefix, boolean ownOnly) {
        return table.leases.stream()
                .filter(lease -> !ownOnly || lease.wish.user().equals(user))
                .flatMap(lease -> lease.holds.stream()
                        .map(Hold::name)
                        .filter(name -> name.startsWith(prefix))
                        .map(name -> entry(lease, name, user)))
                .sorted(Comparator.comparing(entry -> String.valueOf(entry.get("name"))))
                .toList();
    }

    private static Map<String, Object> entry(FakeLease lease, String name, String user) {
        Map<String, Object> entry = new HashMap<>(lease.json(name, user));
        entry.put("status", "held");
        return entry;
    }

    Reply queue(String user, String name) {
        List<Place> places =
                table.line.stream().filter(place -> place.wish.wants(name)).toList();
        List<Map<String, Object>> queue = new ArrayList<>();
        for (Place place : places) {
            Hold wanted = place.wish.wanted().stream()
                    .filter(hold -> hold.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            Map<String, Object> json = new HashMap<>(wanted.json());
            json.put("position", table.position(place, name));
            json.put("holder", place.wish.user());
            json.put("holder_id", Wish.idOf(place.wish.user()));
            json.put("since", place.since.toString());
            json.put("asking", place.isAsking());
            if (place.wish.user().equals(user)) json.put("lease_id", place.wish.leaseId());
            queue.add(json);
        }
        return Reply.of(Map.of("name", name, "waiters", table.waiters(name), "total", places.size(), "queue", queue));
    }

    int waiters() {
        return (int) table.line.stream().filter(Place::isAsking).count();
    }

    int count() {
        return table.leases.stream().mapToInt(lease -> lease.holds.size()).sum();
    }

    int countOf(FakeSession session) {
        return table.leases.stream()
                .filter(lease -> lease.wish.session().filter(session::equals).isPresent())
                .mapToInt(lease -> lease.holds.size())
                .sum();
    }
}
