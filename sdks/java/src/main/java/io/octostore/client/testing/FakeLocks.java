package io.octostore.client.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    private final List<FakeLease> leases = new ArrayList<>();
    private final List<Place> line = new ArrayList<>();
    private final Map<String, Instant> delayedUntil = new HashMap<>();
    private final Map<String, Map<String, Object>> broken = new HashMap<>();
    private long lastToken;

    FakeLocks(FakeState state) {
        this.state = state;
    }

    long lastToken() {
        return lastToken;
    }

    /** Asks for a lease. The answer may come later. */
    CompletableFuture<Reply> acquire(Wish wish) {
        Optional<Reply> known = leaseOf(wish.user(), wish.leaseId())
                .map(lease -> Reply.of(lease.json("held", wish.proof())))
                .or(() -> Optional.ofNullable(broken.get(wish.leaseId())).map(FakeLocks::brokenReply));
        if (known.isPresent()) return CompletableFuture.completedFuture(known.get());
        Place place = placeOf(wish.user(), wish.leaseId()).orElseGet(() -> newPlace(wish));
        place.wish = wish;
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        place.asking = Optional.of(reply);
        serve();
        if (!line.contains(place)) return reply;
        if (wish.patience().isZero()) {
            Reply refusal = refusal(place, false);
            line.remove(place);
            return CompletableFuture.completedFuture(refusal);
        }
        state.after(wish.patience(), () -> endWait(place, reply));
        return reply;
    }

    /** The client has closed the connection. */
    void disconnect(CompletableFuture<Reply> reply) {
        line.removeIf(place -> place.asking.filter(asking -> asking == reply).isPresent());
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
        line.removeIf(place -> isOf(place.wish, user, leaseId));
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
                if (holders(name).size() > 1) return heldBy(name, other(name, lease), Map.of());
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
        List<FakeLease> hit = holders(name).stream()
                .filter(lease -> token.isEmpty() || lease.token == token.getAsLong())
                .toList();
        boolean endsDelay = hit.isEmpty() && delayedUntil.remove(name) != null;
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
        if (holders(name).isEmpty()) return Reply.error(404, "lock_not_found", "No one holds this lock.");
        Map<String, Object> request =
                new HashMap<>(Map.of("by", user, "at", state.now().toString()));
        message.ifPresent(text -> request.put("message", text));
        holders(name).forEach(lease -> lease.releaseRequested = Optional.of(request));
        return Reply.of(Map.of("status", "release_requested"));
    }

    Reply lease(String user, String leaseId) {
        return change(user, leaseId, lease -> Reply.of(lease.json("held", false)));
    }

    Map<String, Object> status(String user, String name) {
        List<FakeLease> holders = holders(name);
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
            boolean isDelayed = delay(name).isPresent();
            status.putAll(
                    Map.of("name", name, "status", isDelayed ? "delayed" : "available", "fencing_token", lastToken));
            status.put("message", isDelayed ? "No one gets the lock yet" : "The lock is available");
            delay(name).ifPresent(until -> status.put("available_at", until.toString()));
        }
        status.put("waiters", waiters(name));
        return status;
    }

    List<Map<String, Object>> list(String user, String prefix, boolean ownOnly) {
        return leases.stream()
                .filter(lease -> !ownOnly || lease.wish.user().equals(user))
                .flatMap(lease -> lease.holds.stream())
                .map(Hold::name)
                .filter(name -> name.startsWith(prefix))
                .distinct()
                .sorted()
                .map(name -> holders(name).get(0).json(name, user))
                .toList();
    }

    Reply queue(String user, String name) {
        List<Place> places =
                line.stream().filter(place -> place.wish.wants(name)).toList();
        List<Map<String, Object>> queue = new ArrayList<>();
        int position = 1;
        for (Place place : places) {
            Hold wanted = place.wish.wanted().stream()
                    .filter(hold -> hold.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            Map<String, Object> json = new HashMap<>(wanted.json());
            json.put("position", position);
            json.put("holder", place.wish.user());
            json.put("holder_id", Wish.idOf(place.wish.user()));
            json.put("since", place.since.toString());
            json.put("asking", place.isAsking());
            if (place.wish.user().equals(user)) json.put("lease_id", place.wish.leaseId());
            queue.add(json);
            if (place.isAsking()) position++;
        }
        return Reply.of(Map.of("name", name, "waiters", waiters(name), "total", places.size(), "queue", queue));
    }

    Reply leaveQueue(String user, String name, String leaseId) {
        Optional<Place> place = placeOf(user, leaseId).filter(one -> one.wish.wants(name));
        if (place.isEmpty()) return Reply.error(404, "place_not_found", "You have no such place in line.");
        place.get().asking.ifPresent(reply -> state.later(() -> reply.complete(refusal(place.get(), true))));
        line.remove(place.get());
        serve();
        return Reply.of(Map.of("status", "left"));
    }

    int waiters(String name) {
        return (int) line.stream()
                .filter(place -> place.isAsking() && place.wish.wants(name))
                .count();
    }

    int waiters() {
        return (int) line.stream().filter(Place::isAsking).count();
    }

    int count() {
        return leases.stream().mapToInt(lease -> lease.holds.size()).sum();
    }

    int countOfSession(String sessionId) {
        return leases.stream()
                .filter(lease ->
                        lease.wish.sessionId().filter(sessionId::equals).isPresent())
                .mapToInt(lease -> lease.holds.size())
                .sum();
    }

    /** Ends the leases of a session that has ended. */
    void endSession(String sessionId, String event) {
        List.copyOf(leases).stream()
                .filter(lease ->
                        lease.wish.sessionId().filter(sessionId::equals).isPresent())
                .forEach(lease -> end(
                        lease,
                        event,
                        event.equals("expired") ? state.now().plus(lease.wish.lockDelay()) : state.now()));
        serve();
    }

    private void expireDue() {
        List.copyOf(leases).stream()
                .filter(lease -> !lease.expiresAt.isAfter(state.now()))
                .forEach(lease -> end(lease, "expired", lease.expiresAt.plus(lease.wish.lockDelay())));
        serve();
    }

    private void end(FakeLease lease, String event, Instant keptUntil) {
        leases.remove(lease);
        for (Hold hold : lease.holds) {
            if (keptUntil.isAfter(state.now())) {
                delayedUntil.put(hold.name(), keptUntil);
                state.after(Duration.between(state.now(), keptUntil), this::serve);
            }
            state.tell(event, hold.name(), Optional.empty());
        }
    }

    /** Grants what can be granted, in the order in which they arrived. */
    private void serve() {
        for (Place place : List.copyOf(line)) {
            if (place.isAsking() && obstacle(place).isEmpty()) grant(place);
        }
    }

    private void grant(Place place) {
        line.remove(place);
        Wish wish = place.wish;
        List<Hold> holds = wish.wanted().stream().map(this::withFreeSlots).toList();
        FakeLease lease = new FakeLease(wish, holds, ++lastToken, state.now());
        leases.add(lease);
        state.after(wish.ttl(), this::expireDue);
        holds.forEach(hold -> state.tell("acquired", hold.name(), Optional.of(lease)));
        Reply reply = Reply.of(lease.json("acquired", wish.proof()));
        place.asking.ifPresent(asking -> state.later(() -> asking.complete(reply)));
    }

    private Hold withFreeSlots(Hold wanted) {
        List<Integer> taken = holds(wanted.name()).stream()
                .flatMap(hold -> hold.slots().stream())
                .toList();
        return wanted.withSlots(IntStream.range(0, wanted.limit())
                .boxed()
                .filter(slot -> !taken.contains(slot))
                .limit(wanted.permits())
                .toList());
    }

    private void endWait(Place place, CompletableFuture<Reply> reply) {
        if (place.asking.filter(asking -> asking == reply).isEmpty() || !line.contains(place)) return;
        place.asking = Optional.empty();
        Reply refusal = refusal(place, true);
        state.later(() -> reply.complete(refusal));
        state.after(PLACE_KEPT, () -> {
            if (!place.isAsking()) line.remove(place);
        });
        serve();
    }

    /** The first of the locks that it cannot have now. */
    private Optional<Hold> obstacle(Place place) {
        return place.wish.wanted().stream()
                .filter(wanted -> delay(wanted.name()).isPresent()
                        || !wanted.fits(holds(wanted.name()))
                        || isBehind(place, wanted.name()))
                .findFirst();
    }

    private boolean isBehind(Place place, String name) {
        return line.subList(0, line.indexOf(place)).stream()
                .anyMatch(other -> other.isAsking() && other.wish.wants(name));
    }

    private Reply refusal(Place place, boolean hasWaited) {
        Hold wanted = obstacle(place).orElse(place.wish.wanted().get(0));
        Map<String, Object> more = new HashMap<>();
        if (hasWaited) more.putAll(Map.of("position", 1 + line.indexOf(place), "waiters", waiters(wanted.name())));
        String name = wanted.name();
        if (!wanted.fits(holds(name))) return heldBy(name, wanted, more);
        boolean isDelayed = delay(name).isPresent();
        return conflict(
                isDelayed ? "lock_delayed" : "lock_queued", name, delay(name).orElse(state.now()), more);
    }

    private Reply heldBy(String name, Hold wanted, Map<String, Object> more) {
        int limit = holds(name).get(0).limit();
        if (wanted.isCounted() && limit > 0 && limit != wanted.limit()) {
            Map<String, Object> all = new HashMap<>(more);
            all.put("limit", limit);
            return conflict("limit_mismatch", name, holders(name).get(0).expiresAt, all);
        }
        return heldBy(name, holders(name).get(0), more);
    }

    private Reply heldBy(String name, FakeLease lease, Map<String, Object> more) {
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

    private Reply change(String user, String leaseId, Function<FakeLease, Reply> change) {
        Optional<FakeLease> lease = leaseOf(user, leaseId);
        if (lease.isPresent()) return change.apply(lease.get());
        return Optional.ofNullable(broken.get(leaseId))
                .map(FakeLocks::brokenReply)
                .orElseGet(Reply::lockNotFound);
    }

    private static Reply brokenReply(Map<String, Object> facts) {
        return Reply.error(410, "lease_broken", "An operator has ended your lease.", facts);
    }

    private Optional<Instant> delay(String name) {
        return Optional.ofNullable(delayedUntil.get(name)).filter(until -> until.isAfter(state.now()));
    }

    private List<FakeLease> holders(String name) {
        return leases.stream().filter(lease -> lease.holds(name)).toList();
    }

    private List<Hold> holds(String name) {
        return holders(name).stream().map(lease -> lease.hold(name)).toList();
    }

    private FakeLease other(String name, FakeLease lease) {
        return holders(name).stream().filter(one -> one != lease).findFirst().orElseThrow();
    }

    private Optional<FakeLease> leaseOf(String user, String leaseId) {
        return leases.stream().filter(lease -> isOf(lease.wish, user, leaseId)).findFirst();
    }

    private Optional<Place> placeOf(String user, String leaseId) {
        return line.stream().filter(place -> isOf(place.wish, user, leaseId)).findFirst();
    }

    private static boolean isOf(Wish wish, String user, String leaseId) {
        return wish.user().equals(user) && wish.leaseId().equals(leaseId);
    }

    private Place newPlace(Wish wish) {
        Place place = new Place(wish, state.now());
        line.add(place);
        return place;
    }
}
