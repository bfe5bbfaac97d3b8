package io.octostore.client;

import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.internal.Attempt;
import io.octostore.client.internal.Background;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Delays;
import io.octostore.client.internal.Fields;
import io.octostore.client.internal.Limits;
import io.octostore.client.internal.LockReaders;
import io.octostore.client.internal.Moment;
import io.octostore.client.internal.Outcome;
import io.octostore.client.internal.Repeat;
import io.octostore.client.internal.Request;
import io.octostore.client.internal.Result;
import io.octostore.client.internal.Rules;
import io.octostore.client.internal.Servers;
import io.octostore.client.internal.Timeline;
import io.octostore.client.internal.Waiting;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LeaseStatus;
import io.octostore.client.model.LockMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** Acquires, renews and releases leases, of one lock or of several. */
final class LeaseApi {
    /** The pauses before attempts to release a lease that the server does not know, or not yet. */
    private static final List<Duration> RELEASE_DELAYS = List.of(
            Duration.ZERO,
            Duration.ofMillis(Rules.RELEASE_AGAIN_DELAY_MS_FIRST),
            Duration.ofMillis(Rules.RELEASE_AGAIN_DELAY_MS_SECOND));

    private final Caller caller;

    LeaseApi(Caller caller) {
        this.caller = caller;
    }

    Caller.Settings settings() {
        return caller.settings();
    }

    Servers servers() {
        return caller.servers();
    }

    /** Timeout of one attempt. */
    Duration timeout() {
        return caller.transport().timeout();
    }

    /**
     * Asks for a lease. Also returns when the request was sent; the lease cannot have begun earlier.
     *
     * @param givingUp limits for releasing a lease if it is not known whether it was granted
     */
    Result<Lease> acquire(LeaseRoutes routes, AcquireOptions options, Function<Timeline, Limits> givingUp) {
        routes.check();
        Checks.acquire(options);
        Wait wait = new Wait(
                caller.timeline().now().plus(options.waitAtMost()),
                Checks.waitSlice(options.waitSlice().orElse(settings().waitSlice())));
        String leaseId = options.leaseId().orElseGet(() -> UUID.randomUUID().toString());
        Attempt<Lease> attempt = new Attempt<>(
                () -> acquisition(routes, leaseId, options, wait), text -> LockReaders.lease(Fields.parse(text)));
        Optional<Moment> patientUntil = options.waitAtMost().isZero() ? Optional.empty() : Optional.of(wait.until());
        Outcome outcome = new Outcome();
        try {
            return acquire(() -> caller.patientCall(attempt, patientUntil, outcome), wait);
        } catch (OctoStoreException error) {
            if (outcome.isUnknown() && !isMismatch(error)) releaseInBackground(routes, leaseId, givingUp);
            throw error;
        }
    }

    /** Renews a lease, with retries. */
    Result<Lease> renew(LeaseRoutes routes, Renewal renewal) {
        routes.check();
        Checks.ttl(renewal.ttl());
        return caller.timedCall(attemptOf(routes, renewal), Repeat.SAFE);
    }

    /** One attempt at a renewal, in the background. */
    CompletableFuture<Result<Lease>> renewOnce(LeaseRoutes routes, Renewal renewal, String server) {
        return caller.attempt(attemptOf(routes, renewal), server);
    }

    void release(LeaseRoutes routes, String leaseId) {
        release(routes, leaseId, Limits.none(caller.timeline()));
    }

    void release(LeaseRoutes routes, String leaseId, Limits limits) {
        routes.check();
        caller.call(Attempt.of(routes.release(leaseId), LeaseApi::released), Repeat.UNTIL_GONE, limits);
    }

    /** Prevents the lock from staying held with no one using it. If this fails too, its lease expires on its own. */
    void releaseInBackground(LeaseRoutes routes, String leaseId, Function<Timeline, Limits> limits) {
        CompletableFuture.runAsync(() -> releaseAbandoned(routes, leaseId, limits), Background.workers());
    }

    private void releaseAbandoned(LeaseRoutes routes, String leaseId, Function<Timeline, Limits> limits) {
        for (Duration delay : RELEASE_DELAYS) {
            if (!delay.isZero()) Waiting.pause(caller.timeline(), delay);
            try {
                release(routes, leaseId, limits.apply(caller.timeline()));
                return;
            } catch (NotFoundException mayHaveOvertaken) {
                // The connection of the acquire is a different one.
            }
        }
    }

    /** Holds one lock of a lease in another mode. If the lease already does, nothing changes. */
    Lease convert(String name, String leaseId, LockMode mode) {
        Checks.name(name);
        Checks.convertible(mode);
        Map<String, Object> body = Map.of("lease_id", leaseId, "mode", mode.wireName());
        Request request = Request.post(LockApi.path(name) + "/convert", body);
        return caller.call(Attempt.of(request, LockReaders::lease), Repeat.SAFE);
    }

    Lease get(String leaseId) {
        Request request = Request.get(LeaseRoutes.OfLocks.path(leaseId));
        return caller.call(Attempt.of(request, LockReaders::lease), Repeat.SAFE);
    }

    /** Asks repeatedly if necessary, because one request can wait for only so long. */
    private Result<Lease> acquire(Supplier<Result<Lease>> ask, Wait wait) {
        Moment firstAskedAt = caller.timeline().now();
        for (int refusals = 1; ; refusals++) {
            Moment askedAt = caller.timeline().now();
            Duration longest = Duration.ofSeconds(wait.nextSeconds());
            try {
                Result<Lease> granted = ask.get();
                // `held` means that an earlier attempt got the lease and its response was lost.
                boolean isOlder = granted.value().status() == LeaseStatus.HELD;
                return isOlder ? new Result<>(granted.value(), firstAskedAt) : granted;
            } catch (LockHeldException held) {
                if (wait.until().hasPassed()) throw held;
                // Refused much too early. Pause, so as not to retry at full speed.
                boolean isEarly = askedAt.until(caller.timeline().now()).compareTo(longest.dividedBy(2)) < 0;
                if (isEarly) Waiting.pause(caller.timeline(), Delays.after(refusals, Optional.empty()));
            }
        }
    }

    private Request acquisition(LeaseRoutes routes, String leaseId, AcquireOptions options, Wait wait) {
        long waitSeconds = wait.nextSeconds();
        Map<String, Object> body = new HashMap<>(options.body());
        body.put("lease_id", leaseId);
        body.put("wait_seconds", waitSeconds);
        return routes.acquire(body).withTimeout(timeout().plusSeconds(waitSeconds));
    }

    private Attempt<Lease> attemptOf(LeaseRoutes routes, Renewal renewal) {
        Request request = routes.renew(renewal.leaseId(), renewal.body()).withTimeout(renewal.timeout());
        return Attempt.of(request, LockReaders::lease);
    }

    /** Whether the lease with this id is another one, which must not be released. */
    private static boolean isMismatch(OctoStoreException error) {
        return error.code().filter("lease_mismatch"::equals).isPresent();
    }

    private static Void released(Fields answer) {
        answer.text("status");
        return null;
    }

    /**
     * A renewal of a lease.
     *
     * @param proof whether to ask for a proof
     * @param timeout of one attempt
     */
    record Renewal(String leaseId, Duration ttl, boolean proof, Duration timeout) {
        /** Servers of version 1.0 refuse {@code proof}, so it is sent only if it is needed. */
        Map<String, Object> body() {
            long seconds = ttl.toSeconds();
            return proof ? Map.of("ttl_seconds", seconds, "proof", true) : Map.of("ttl_seconds", seconds);
        }
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
}
