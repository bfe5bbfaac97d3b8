package io.octostore.client.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The locks, leases and lines of the fake server. Each method that changes something runs within {@link FakeState}. */
final class FakeLocks {
    private static final Duration PLACE_KEPT = Duration.ofSeconds(15);

    private final FakeState state;
    private final LockTable table;
    private final Past past;
    private final OwnLeases own;
    private final Refusals refusals;
    private final LockViews views;
    private long lastToken;

    FakeLocks(FakeState state, Past past) {
        this.state = state;
        this.past = past;
        this.table = new LockTable(state);
        this.own = new OwnLeases(table, past);
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
        Optional<Reply> known = own.repeated(wish)
                .map(lease -> reply(lease, "held", wish.lock(), wish.proof()))
                .or(() -> wish.chosen() ? past.brokenLease(wish.user(), wish.leaseId()) : Optional.empty());
        if (known.isPresent()) return CompletableFuture.completedFuture(known.get());
        Optional<Place> kept = own.place(wish);
        boolean isPatient = !wish.patience().isZero();
        if (kept.isPresent() && kept.get().isAsking() && !isPatient)
            return CompletableFuture.completedFuture(refusals.of(kept.get(), true));
        Place place = kept.orElseGet(() -> newPlace(wish));
        answer(place, refusals.of(place, true));
        place.wish = wish;
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        place.asking = Optional.of(reply);
        serve();
        if (!table.line.contains(place)) return reply;
        if (isPatient) state.after(wish.patience(), () -> endWait(place, reply, true));
        else endWait(place, reply, kept.isPresent());
        return reply;
    }

    /** The client has closed the connection. */
    void disconnect(CompletableFuture<Reply> reply) {
        List.copyOf(table.line).stream().filter(place -> place.isAsking(reply)).forEach(this::fallSilent);
        serve();
    }

    /** @param name the lock by which the request names the lease, if it does */
    Reply renew(String user, String leaseId, Optional<String> name, Duration ttl, boolean proof) {
        FakeLease lease = own.find(user, leaseId, name);
        lease.renew(ttl, state.now());
        state.after(ttl, this::expireDue);
        lease.holds.forEach(hold -> state.tell("renewed", hold.name(), Optional.of(lease)));
        return reply(lease, "held", name, proof);
    }

    /** @param name the lock by which the request names the lease, if it does */
    Reply release(String user, String leaseId, Optional<String> name) {
        giveUpPlaces(user, leaseId, place -> name.isEmpty() || place.wish.wants(name.get()));
        end(own.find(user, leaseId, name), "released");
        serve();
        return Reply.of(Map.of("status", "released", "message", name.isPresent() ? "Lock released" : "Lease released"));
    }

    Reply convert(String user, String name, String leaseId, String mode) {
        FakeLease lease = own.find(user, leaseId, Optional.of(name));
        Hold hold = lease.hold(name);
        if (hold.isCounted()) throw Validation.invalid("A counted lock has no other mode.");
        if (!hold.mode().equals(mode)) {
            if (mode.equals(Hold.EXCLUSIVE)) {
                if (table.holders(name).size() > 1) return refusals.heldBy(name, table.other(name, lease), Map.of());
                lease.token = ++lastToken;
            }
            lease.holds = lease.holds.stream()
                    .map(one -> one.name().equals(name) ? one.withMode(mode) : one)
                    .toList();
            serve();
        }
        return reply(lease, "held", Optional.of(name), false);
    }

    Reply breakLock(String user, String name, OptionalLong token, String reason) {
        List<FakeLease> hit = table.holders(name).stream()
                .filter(lease -> token.isEmpty() || lease.token == token.getAsLong())
                .toList();
        boolean endsDelay = hit.isEmpty() && table.delay(name).isPresent();
        if (hit.isEmpty() && !endsDelay) return Reply.error(404, "lock_not_found", "No one holds this lock.");
        if (endsDelay) table.delayedUntil.remove(name);
        for (FakeLease lease : hit) {
            past.remember(lease, user, reason);
            end(lease, "broken");
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
        return Reply.of(
                Map.of("status", "release_requested", "message", "The holders learn of it when they next renew"));
    }

    Reply lease(String user, String leaseId) {
        return reply(own.find(user, leaseId, Optional.empty()), "held", Optional.empty(), false);
    }

    Reply leaveQueue(String user, String name, String leaseId) {
        if (!giveUpPlaces(user, leaseId, place -> place.wish.wants(name)))
            return Reply.error(404, "place_not_found", "You have no such place in line.");
        serve();
        return Reply.of(Map.of("status", "left", "message", "You left the line"));
    }

    /** Ends the places and leases of a session that has ended. */
    void endSession(FakeSession session, String event, Reply answer) {
        List.copyOf(table.line).stream()
                .filter(place -> place.wish.session().filter(session::equals).isPresent())
                .forEach(place -> leave(place, answer));
        List.copyOf(table.leases).stream()
                .filter(lease -> lease.wish.session().filter(session::equals).isPresent())
                .forEach(lease -> end(lease, event));
        serve();
    }

    private void expireDue() {
        List.copyOf(table.leases).stream()
                .filter(lease -> !lease.expiresAt().isAfter(state.now()))
                .forEach(lease -> end(lease, "expired"));
        serve();
    }

    private void end(FakeLease lease, String event) {
        table.leases.remove(lease);
        Instant keptUntil = keptUntil(lease, event);
        for (Hold hold : lease.holds) {
            if (hold.mode().equals(Hold.EXCLUSIVE) && keptUntil.isAfter(state.now())) {
                table.delayedUntil.put(hold.name(), keptUntil);
                state.after(Duration.between(state.now(), keptUntil), this::serve);
            }
            state.tell(event, hold.name(), Optional.empty());
        }
    }

    private Instant keptUntil(FakeLease lease, String event) {
        return switch (event) {
            case "released" -> lease.grantedAt.plus(lease.wish.minHold());
            case "expired" -> lease.expiresAt().plus(lease.wish.lockDelay());
            default -> state.now().plus(lease.wish.lockDelay());
        };
    }

    /** Grants what can be granted, in the order in which they arrived. */
    private void serve() {
        for (Place place : List.copyOf(table.line)) {
            if (place.isAsking() && table.obstacle(place).isEmpty()) grant(place);
        }
    }

    private void grant(Place place) {
        Wish wish = place.wish;
        List<Hold> holds = wish.wanted().stream().map(this::withFreeSlots).toList();
        FakeLease lease = new FakeLease(wish, holds, ++lastToken, state.now());
        table.leases.add(lease);
        state.after(wish.ttl(), this::expireDue);
        holds.forEach(hold -> state.tell("acquired", hold.name(), Optional.of(lease)));
        leave(place, reply(lease, "acquired", wish.lock(), wish.proof()));
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

    /** @param isInLine whether it has a place that the client knows of */
    private void endWait(Place place, CompletableFuture<Reply> reply, boolean isInLine) {
        if (!place.isAsking(reply) || !table.line.contains(place)) return;
        place.asking = Optional.empty();
        Reply refusal = refusals.of(place, isInLine);
        state.later(() -> reply.complete(refusal));
        if (isInLine) fallSilent(place);
        else table.line.remove(place);
        serve();
    }

    /** Keeps the place for a while if the client can ask for it again. */
    private void fallSilent(Place place) {
        place.asking = Optional.empty();
        place.keptUntil = state.now().plus(PLACE_KEPT);
        if (!place.wish.chosen()) table.line.remove(place);
        state.after(PLACE_KEPT, () -> {
            if (!place.isAsking() && !place.keptUntil.isAfter(state.now())) table.line.remove(place);
        });
    }

    /** Whether there were any. */
    private boolean giveUpPlaces(String user, String leaseId, Predicate<Place> which) {
        List<Place> places = table.placesOf(user, leaseId).filter(which).toList();
        places.forEach(place -> leave(place, refusals.of(place, false)));
        return !places.isEmpty();
    }

    private void leave(Place place, Reply answer) {
        table.line.remove(place);
        answer(place, answer);
    }

    private void answer(Place place, Reply answer) {
        place.asking.ifPresent(reply -> state.later(() -> reply.complete(answer)));
    }

    private Reply reply(FakeLease lease, String status, Optional<String> name, boolean proof) {
        return Reply.of(lease.json(status, name, proof, state.now()));
    }

    private Place newPlace(Wish wish) {
        Place place = new Place(wish, state.now());
        table.line.add(place);
        return place;
    }
}
