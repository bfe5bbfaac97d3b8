package io.octostore.client;

import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.internal.Attempt;
import io.octostore.client.internal.Background;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Delays;
import io.octostore.client.internal.Fields;
import io.octostore.client.internal.Moment;
import io.octostore.client.internal.Outcome;
import io.octostore.client.internal.Readers;
import io.octostore.client.internal.Repeat;
import io.octostore.client.internal.Request;
import io.octostore.client.internal.Result;
import io.octostore.client.internal.Rules;
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

/** The routes of locks. */
final class LockApi {
    private final Caller caller;

    LockApi(Caller caller) {
        this.caller = caller;
    }

    /** Timeout of one attempt. */
    Duration timeout() {
        return caller.transport().timeout();
    }

    /** Asks for a lock. Also returns when the request was sent; the lease cannot have begun earlier. */
    Result<Lease> acquire(String name, AcquireOptions options) {
        Checks.name(name);
        Checks.ttl(options.ttl());
        Checks.waitAtMost(options.waitAtMost());
        Moment until = Moment.now().plus(options.waitAtMost());
        String leaseId = options.leaseId().orElseGet(() -> UUID.randomUUID().toString());
        Attempt<Lease> attempt = new Attempt<>(
                () -> acquisition(name, leaseId, options, until), text -> Readers.lease(Fields.parse(text)));
        Outcome outcome = new Outcome();
        try {
            return acquire(attempt, until, outcome);
        } catch (OctoStoreException error) {
            if (outcome.isUnknown()) releaseInBackground(name, leaseId);
            throw error;
        }
    }

    Result<Lease> renew(String name, String leaseId, Duration ttl) {
        Checks.name(name);
        Checks.ttl(ttl);
        return caller.call(renewal(name, leaseId, ttl), Repeat.SAFE, new Outcome());
    }

    /** One attempt at a renewal, in the background. */
    CompletableFuture<Result<Lease>> renewal(Lease lease, Duration ttl) {
        return caller.attempt(renewal(lease.name(), lease.leaseId(), ttl));
    }

    void release(String name, String leaseId) {
        Checks.name(name);
        Request request = Request.post(path(name) + "/release", Map.of("lease_id", leaseId));
        caller.call(Attempt.of(request, LockApi::released), Repeat.UNTIL_GONE);
    }

    /** Prevents the lock from staying held with no one using it. If this fails too, its lease expires on its own. */
    void releaseInBackground(String name, String leaseId) {
        CompletableFuture.runAsync(() -> release(name, leaseId), Background.workers());
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

    /** Asks repeatedly if necessary, because one request can wait for at most a minute. */
    private Result<Lease> acquire(Attempt<Lease> attempt, Moment until, Outcome outcome) {
        Moment firstAskedAt = Moment.now();
        for (int refusals = 1; ; refusals++) {
            Moment askedAt = Moment.now();
            Duration wait = Duration.ofSeconds(waitSeconds(until));
            try {
                Result<Lease> granted = caller.call(attempt, Repeat.SAFE, outcome);
                // `held` means that an earlier attempt got the lease and its response was lost.
                boolean isOlder = granted.value().status() == LeaseStatus.HELD;
                return isOlder ? new Result<>(granted.value(), firstAskedAt) : granted;
            } catch (LockHeldException held) {
                if (until.hasPassed()) throw held;
                // Refused much too early. Pause, so as not to retry at full speed.
                boolean isEarly = askedAt.until(Moment.now()).compareTo(wait.dividedBy(2)) < 0;
                if (isEarly) Waiting.pause(Delays.after(refusals, Optional.empty()));
            }
        }
    }

    private Request acquisition(String name, String leaseId, AcquireOptions options, Moment until) {
        long waitSeconds = waitSeconds(until);
        Map<String, Object> body = new HashMap<>();
        body.put("ttl_seconds", options.ttl().toSeconds());
        body.put("lease_id", leaseId);
        body.put("wait_seconds", waitSeconds);
        options.metadata().ifPresent(metadata -> body.put("metadata", metadata));
        options.sessionId().ifPresent(id -> body.put("session_id", id));
        return Request.post(path(name) + "/acquire", body).withTimeout(timeout().plusSeconds(waitSeconds));
    }

    private static Attempt<Lease> renewal(String name, String leaseId, Duration ttl) {
        Map<String, Object> body = Map.of("lease_id", leaseId, "ttl_seconds", ttl.toSeconds());
        return Attempt.of(Request.post(path(name) + "/renew", body), Readers::lease);
    }

    /** How long the next request may wait, in whole seconds. */
    private static long waitSeconds(Moment until) {
        long seconds = until.remaining().plusNanos(999_999_999).toSeconds();
        return Math.min(Rules.WAIT_SECONDS_PER_REQUEST_MAX, seconds);
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
