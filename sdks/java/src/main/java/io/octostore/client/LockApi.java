package io.octostore.client;

import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.internal.Attempt;
import io.octostore.client.internal.Background;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Delays;
import io.octostore.client.internal.Fields;
import io.octostore.client.internal.Limits;
import io.octostore.client.internal.Moment;
import io.octostore.client.internal.Outcome;
import io.octostore.client.internal.Readers;
import io.octostore.client.internal.Repeat;
import io.octostore.client.internal.Request;
import io.octostore.client.internal.Result;
import io.octostore.client.internal.Servers;
import io.octostore.client.internal.Waiting;
import io.octostore.client.model.HeldLock;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LeaseStatus;
import io.octostore.client.model.LockStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The routes of locks. */
final class LockApi {
    private final Caller caller;

    LockApi(Caller caller) {
        this.caller = caller;
    }

    Caller.Settings settings() {
        return caller.settings();
    }

    /** Timeout of one attempt. */
    Duration timeout() {
        return caller.transport().timeout();
    }

    /** Asks for a lock. Also returns when the request was sent; the lease cannot have begun earlier. */
    Result<Lease> acquire(String name, AcquireOptions options) {
        return acquire(name, options, Limits::none);
    }

    /** @param givingUp limits for releasing a lease if it is not known whether it was granted */
    Result<Lease> acquire(String name, AcquireOptions options, Supplier<Limits> givingUp) {
        Checks.name(name);
        Checks.ttl(options.ttl());
        Checks.waitAtMost(options.waitAtMost());
        Wait wait = new Wait(
                Moment.now().plus(options.waitAtMost()),
                Checks.waitSlice(options.waitSlice().orElse(settings().waitSlice())));
        String leaseId = options.leaseId().orElseGet(() -> UUID.randomUUID().toString());
        Attempt<Lease> attempt = new Attempt<>(
                () -> acquisition(name, leaseId, options, wait), text -> Readers.lease(Fields.parse(text)));
        Optional<Moment> patientUntil = options.waitAtMost().isZero() ? Optional.empty() : Optional.of(wait.until());
        Outcome outcome = new Outcome();
        try {
            return acquire(() -> caller.patientCall(attempt, patientUntil, outcome), wait);
        } catch (OctoStoreException error) {
            if (outcome.isUnknown() && !isMismatch(error)) releaseInBackground(name, leaseId, givingUp);
            throw error;
        }
    }

    Result<Lease> renew(String name, String leaseId, Duration ttl) {
        return renew(name, leaseId, ttl, timeout());
    }

    /** @param timeout of one attempt */
    Result<Lease> renew(String name, String leaseId, Duration ttl, Duration timeout) {
        Checks.name(name);
        Checks.ttl(ttl);
        return caller.timedCall(renewal(name, leaseId, ttl, timeout), Repeat.SAFE);
    }

    Servers servers() {
        return caller.servers();
    }

    /** One attempt at a renewal, in the background. */
    CompletableFuture<Result<Lease>> renewal(Lease lease, Duration ttl, String server) {
        return caller.attempt(renewal(lease.name(), lease.leaseId(), ttl, timeout()), server);
    }

    void release(String name, String leaseId) {
        release(name, leaseId, Limits.none());
    }

    void release(String name, String leaseId, Limits limits) {
        Checks.name(name);
        Request request = Request.post(path(name) + "/release", Map.of("lease_id", leaseId));
        caller.call(Attempt.of(request, LockApi::released), Repeat.UNTIL_GONE, limits);
    }

    /** Prevents the lock from staying held with no one using it. If this fails too, its lease expires on its own. */
    void releaseInBackground(String name, String leaseId, Supplier<Limits> limits) {
        CompletableFuture.runAsync(() -> release(name, leaseId, limits.get()), Background.workers());
    }

    LockStatus status(String name) {
        Checks.name(name);
        return caller.call(Attempt.of(Request.get(path(name)), Readers::lockStatus), Repeat.SAFE);
    }

    /** All locks, from every page. */
    List<HeldLock> list(ListOptions options) {
        List<HeldLock> locks = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            Page page =
                    caller.call(Attempt.of(Request.get("/locks" + query(options, cursor)), Page::read), Repeat.SAFE);
            locks.addAll(page.locks());
            cursor = page.nextCursor();
        } while (cursor.isPresent());
        return List.copyOf(locks);
    }

    /** Encodes the whole name, so that a lock named {@code a/watch} is not mistaken for a watch of {@code a}. */
    static String path(String name) {
        return "/locks/" + Request.encoded(name);
    }

    /** Asks repeatedly if necessary, because one request can wait for only so long. */
    private static Result<Lease> acquire(Supplier<Result<Lease>> ask, Wait wait) {
        Moment firstAskedAt = Moment.now();
        for (int refusals = 1; ; refusals++) {
            Moment askedAt = Moment.now();
            Duration longest = Duration.ofSeconds(wait.nextSeconds());
            try {
                Result<Lease> granted = ask.get();
                // `held` means that an earlier attempt got the lease and its response was lost.
                boolean isOlder = granted.value().status() == LeaseStatus.HELD;
                return isOlder ? new Result<>(granted.value(), firstAskedAt) : granted;
            } catch (LockHeldException held) {
                if (wait.until().hasPassed()) throw held;
                // Refused much too early. Pause, so as not to retry at full speed.
                boolean isEarly = askedAt.until(Moment.now()).compareTo(longest.dividedBy(2)) < 0;
                if (isEarly) Waiting.pause(Delays.after(refusals, Optional.empty()));
            }
        }
    }

    private Request acquisition(String name, String leaseId, AcquireOptions options, Wait wait) {
        long waitSeconds = wait.nextSeconds();
        Map<String, Object> body = new HashMap<>();
        body.put("ttl_seconds", options.ttl().toSeconds());
        body.put("lease_id", leaseId);
        body.put("wait_seconds", waitSeconds);
        options.metadata().ifPresent(metadata -> body.put("metadata", metadata));
        options.sessionId().ifPresent(id -> body.put("session_id", id));
        return Request.post(path(name) + "/acquire", body).withTimeout(timeout().plusSeconds(waitSeconds));
    }

    /** Whether the lease with this id is another one, which must not be released. */
    private static boolean isMismatch(OctoStoreException error) {
        return error.code().filter("lease_mismatch"::equals).isPresent();
    }

    private static Attempt<Lease> renewal(String name, String leaseId, Duration ttl, Duration timeout) {
        Map<String, Object> body = Map.of("lease_id", leaseId, "ttl_seconds", ttl.toSeconds());
        return Attempt.of(Request.post(path(name) + "/renew", body).withTimeout(timeout), Readers::lease);
    }

    /**
     * How long an acquire waits.
     *
     * @param slice how long one request waits at most
     */
    private record Wait(Moment until, Duration slice) {
        /** How long the next request may wait, in whole seconds. */
        long nextSeconds() {
            return Math.min(
                    slice.toSeconds(), until.remaining().plusNanos(999_999_999).toSeconds());
        }
    }

    private static String query(ListOptions options, Optional<String> cursor) {
        List<String> parameters = new ArrayList<>();
        options.prefix().ifPresent(prefix -> parameters.add("prefix=" + Request.encoded(prefix)));
        if (options.ownOnly()) parameters.add("owner=me");
        cursor.ifPresent(at -> parameters.add("cursor=" + Request.encoded(at)));
        return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    }

    private static Void released(Fields answer) {
        answer.text("status");
        return null;
    }

    /** A page of a list. */
    private record Page(List<HeldLock> locks, Optional<String> nextCursor) {
        static Page read(Fields fields) {
            return new Page(fields.objects("locks", Readers::heldLock), fields.optionalText("next_cursor"));
        }
    }
}
