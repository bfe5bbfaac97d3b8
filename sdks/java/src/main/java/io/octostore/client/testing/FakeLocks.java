package io.octostore.client.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The locks, leases and lines of the fake server. Each method that changes something runs within {@link FakeState}. */
final class FakeLocks {
    private static final Duration PLACE_KEPT = Duration.ofSeconds(15);

    private final FakeState state;
    private final LockTable table;
    private final Refusals refusals;
    private final LockViews views;
    private final Map<String, Map<String, Object>> broken = new HashMap<>();
    private long lastToken;

    FakeLocks(FakeState state) {
        this.state = state;
        this.table = new LockTable(state);
        this.refusals = new Refusals(state, table);
        this.views = new LockViews(table, this::lastToken);
    }

    LockViews views() {
        return views;
    }

    int waiters(String name) {
        return table.waiters(name);
    }

    long lastToken() {
        return lastToken;
    }

    /** Asks for a lease. The answer may come later. */
    CompletableFuture<Reply> acquire(Wish wish) {
        Optional<Reply> known = table.leaseOf(wish.user(), wish.leaseId())
                .map(lease -> Reply.of(lease.json("held", wish.proof())))
                .or(() -> Optional.ofNullable(broken.get(wish.leaseId())).map(FakeLocks::brokenReply));
        if (known.isPresent()) return CompletableFuture.completedFuture(known.get());
        Place place = table.placeOf(wish.user(), wish.leaseId()).orElseGet(() -> newPlace(wish));
        place.wish = wish;
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        place.asking = Optional.of(reply);
        serve();
        if (!table.line.contains(place)) return reply;
        if (wish.patience().isZero()) {
            Reply refusal = refusals.of(place, false);
            table.line.remove(place);
            return CompletableFuture.completedFuture(refusal);
        }
        state.after(wish.patience(), () -> endWait(place, reply));
        return reply;
    }

    /** The client has closed the connection. */
    void disconnect(CompletableFuture<Reply> reply) {
        table.line.removeIf(
                place -> place.asking.filter(asking -> asking == reply).isPresent());
        serve();
    }

    Reply renew(String user, String leaseId, Duration ttl, boolean proof) {
        return change(user, leaseId, lease -> {
            lease.expiresAt = state.now().plus(ttl);
            state.after(ttl, this::expireDue);
            lease.holds.forEach(hold -> state.tell("renewed", hold.name(), Optional.of(lease)));
            return Reply.of(lease.json("held", proof));
        });
    }

    Reply release(String user, String leaseId) {
        table.line.removeIf(place -> LockTable.isOf(place.wish, user, leaseId));
        Reply reply = change(user, leaseId, lease -> {
            Instant until = lease.grantedAt.plus(lease.wish.minHold());
            end(lease, "released", until);
            return Reply.of(Map.of("status", "released"));
        });
        serve();
        return reply;
    }

    Reply convert(String user, String name, String leaseId, String mode) {
        return change(user, leaseId, lease -> {
            if (!lease.holds(name)) return Reply.lockNotFound();
            Hold hold = lease.hold(name);
            if (hold.isCounted()) return Reply.error(422, "validation_failed", "A counted lock has no other mode.");
            if (hold.mode().equals(mode)) return Reply.of(lease.json("held", false));
            if (mode.equals(Hold.EXCLUSIVE)) {
                if (table.holders(name).size() > 1) return refusals.heldBy(name, table.other(name, lease), Map.of());
                lease.token = ++lastToken;
            }
            lease.holds = lease.holds.stream()
                    .map(one -> one.name().equals(name) ? one.withMode(mode) : one)
                    .toList();
            serve();
            return Reply.of(lease.json("held", false));
        });
    }

    Reply breakLock(String user, String name, OptionalLong token, String reason) {
        List<FakeLease> hit = table.holders(name).stream()
                .filter(lease -> token.isEmpty() || lease.token == token.getAsLong())
                .toList();
        boolean endsDelay = hit.isEmpty() && table.delayedUntil.remove(name) != null;
        if (hit.isEmpty() && !endsDelay) return Reply.error(404, "lock_not_found", "No one holds this lock.");
        for (FakeLease lease : hit) {
            broken.put(
                    lease.id(),
                    Map.of(
                            "reason",
                            reason,
                            "broken_by",
                            user,
                            "broken_at",
                            state.now().toString()));
            end(lease, "broken", state.now().plus(lease.wish.lockDelay()));
        }
        serve();
        List<Long> tokens = hit.stream().map(lease -> lease.token).toList();
        return Reply.of(Map.of(
                "status", "broken",
                "name", name,
                "lease_count", hit.size(),
                "fencing_tokens", tokens,
                "ended_delay", endsDelay));
    }

    Reply requestRelease(String user, String name, Optional<String> message) {
        if (table.holders(name).isEmpty()) return Reply.error(404, "lock_not_found", "No one holds this lock.");
        Map<String, Object> request =
                new HashMap<>(Map.of("by", user, "at", state.now().toString()));
        message.ifPresent(text -> request.put("message", text));
        table.holders(name).forEach(lease -> lease.releaseRequested = Optional.of(request));
        return Reply.of(Map.of("status", "release_requested"));
    }

    Reply lease(String user, String leaseId) {
        return change(user, leaseId, lease -> Reply.of(lease.json("held", false)));
    }

    Reply leaveQueue(String user, String name, String leaseId) {
        Optional<Place> place = table.placeOf(user, leaseId).filter(one -> one.wish.wants(name));
        if (place.isEmpty()) return Reply.error(404, "place_not_found", "You have no such place in table.line.");
        place.get().asking.ifPresent(reply -> state.later(() -> reply.complete(refusals.of(place.get(), true))));
        table.line.remove(place.get());
        serve();
        return Reply.of(Map.of("status", "left"));
    }

    /** Ends the leases of a session that has ended. */
    void endSession(String sessionId, String event) {
        List.copyOf(table.leases).stream()
                .filter(lease ->
                        lease.wish.sessionId().filter(sessionId::equals).isPresent())
                .forEach(lease -> end(
                        lease,
                        event,
                        event.equals("expired") ? state.now().plus(lease.wish.lockDelay()) : state.now()));
        serve();
    }

    private void expireDue() {
        List.copyOf(table.leases).stream()
                .filter(lease -> !lease.expiresAt.isAfter(state.now()))
                .forEach(lease -> end(lease, "expired", lease.expiresAt.plus(lease.wish.lockDelay())));
        serve();
    }

    private void end(FakeLease lease, String event, Instant keptUntil) {
        table.leases.remove(lease);
        for (Hold hold : lease.holds) {
            if (keptUntil.isAfter(state.now())) {
                table.delayedUntil.put(hold.name(), keptUntil);
                state.after(Duration.between(state.now(), keptUntil), this::serve);
            }
            state.tell(event, hold.name(), Optional.empty());
        }
    }

    /** Grants what can be granted, in the order in which they arrived. */
    private void serve() {
        for (Place place : List.copyOf(table.line)) {
            if (place.isAsking() && table.obstacle(place).isEmpty()) grant(place);
        }
    }

    private void grant(Place place) {
        table.line.remove(place);
        Wish wish = place.wish;
        List<Hold> holds = wish.wanted().stream().map(this::withFreeSlots).toList();
        FakeLease lease = new FakeLease(wish, holds, ++lastToken, state.now());
        table.leases.add(lease);
        state.after(wish.ttl(), this::expireDue);
        holds.forEach(hold -> state.tell("acquired", hold.name(), Optional.of(lease)));
        Reply reply = Reply.of(lease.json("acquired", wish.proof()));
        place.asking.ifPresent(asking -> state.later(() -> asking.complete(reply)));
    }

    private Hold withFreeSlots(Hold wanted) {
        List<Integer> taken = table.holds(wanted.name()).stream()
                .flatMap(hold -> hold.slots().stream())
                .toList();
        return wanted.withSlots(IntStream.range(0, wanted.limit())
                .boxed()
                .filter(slot -> !taken.contains(slot))
                .limit(wanted.permits())
                .toList());
    }

    private void endWait(Place place, CompletableFuture<Reply> reply) {
        if (place.asking.filter(asking -> asking == reply).isEmpty() || !table.line.contains(place)) return;
        place.asking = Optional.empty();
        Reply refusal = refusals.of(place, true);
        state.later(() -> reply.complete(refusal));
        state.after(PLACE_KEPT, () -> {
            if (!place.isAsking()) table.line.remove(place);
        });
        serve();
    }

    private Reply change(String user, String leaseId, Function<FakeLease, Reply> change) {
        Optional<FakeLease> lease = table.leaseOf(user, leaseId);
        if (lease.isPresent()) return change.apply(lease.get());
        return Optional.ofNullable(broken.get(leaseId))
                .map(FakeLocks::brokenReply)
                .orElseGet(Reply::lockNotFound);
    }

    private static Reply brokenReply(Map<String, Object> facts) {
        return Reply.error(410, "lease_broken", "An operator has ended your lease.", facts);
    }

    private Place newPlace(Wish wish) {
        Place place = new Place(wish, state.now());
        table.line.add(place);
        return place;
    }
}
