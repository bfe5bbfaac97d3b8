package io.octostore.client.testing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Which leases hold which locks, and who waits. Guarded by the monitor of {@link FakeState}. */
final class LockTable {
    /** In the order in which they were granted. */
    final List<FakeLease> leases = new ArrayList<>();
    /** In the order of arrival. */
    final List<Place> line = new ArrayList<>();

    final Map<String, Instant> delayedUntil = new HashMap<>();
    private final FakeState state;

    LockTable(FakeState state) {
        this.state = state;
    }

    Optional<Instant> delay(String name) {
        return Optional.ofNullable(delayedUntil.get(name)).filter(until -> until.isAfter(state.now()));
    }

    List<FakeLease> holders(String name) {
        return leases.stream().filter(lease -> lease.holds(name)).toList();
    }

    List<Hold> holds(String name) {
        return holders(name).stream().map(lease -> lease.hold(name)).toList();
    }

    FakeLease other(String name, FakeLease lease) {
        return holders(name).stream().filter(one -> one != lease).findFirst().orElseThrow();
    }

    Stream<Place> placesOf(String user, String leaseId) {
        return line.stream()
                .filter(place -> place.wish.user().equals(user))
                .filter(place -> place.wish.leaseId().equals(leaseId));
    }

    /** The first of the locks that it cannot have now. */
    Optional<Hold> obstacle(Place place) {
        return place.wish.wanted().stream()
                .filter(wanted -> delay(wanted.name()).isPresent()
                        || !wanted.fits(holds(wanted.name()))
                        || isBehind(place, wanted.name()))
                .findFirst();
    }

    /** Its place among the requests that are asking for a lock, or would be if it asked. The first one is 1. */
    int position(Place place, String name) {
        return 1
                + (int) line.subList(0, line.indexOf(place)).stream()
                        .filter(other -> other.isAsking() && other.wish.wants(name))
                        .count();
    }

    private boolean isBehind(Place place, String name) {
        return position(place, name) > 1;
    }

    int waiters(String name) {
        return (int) line.stream()
                .filter(place -> place.isAsking() && place.wish.wants(name))
                .count();
    }
}
