package io.octostore.client;

import io.octostore.client.internal.Deadline;
import io.octostore.client.internal.Moment;
import io.octostore.client.internal.Result;
import io.octostore.client.internal.Rules;
import io.octostore.client.internal.Servers;
import io.octostore.client.internal.Timeline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Something on the server that expires unless it is renewed: a lease or a session.
 *
 * @param what for messages, such as {@code the lock a/b}
 * @param provedAt when the request that granted it or last renewed it was sent
 * @param timeout timeout of one attempt
 * @param renew makes one attempt at the server with this URL
 * @param observation tells of what happens to it
 * @param within the session that this belongs to and ends with
 */
record Renewable(
        String what,
        Duration ttl,
        Moment provedAt,
        Duration timeout,
        Servers servers,
        Function<String, ? extends CompletableFuture<? extends Result<?>>> renew,
        Observation observation,
        Optional<Keeper> within) {
    private static final Duration MARGIN_MIN = Duration.ofMillis(Rules.MARGIN_MS_MIN);
    private static final Duration MARGIN_MAX = Duration.ofMillis(Rules.MARGIN_MS_MAX);

    Timeline timeline() {
        return provedAt.timeline();
    }

    /** Time between renewals. */
    Duration period() {
        return period(ttl);
    }

    static Duration period(Duration ttl) {
        return ttl.dividedBy(Rules.RENEWALS_PER_TTL);
    }

    /** How long before its TTL ends it counts as lost. */
    Duration margin() {
        Duration fraction = Duration.ofNanos((long) (ttl.toNanos() * Rules.MARGIN_FRACTION));
        return Moment.min(MARGIN_MAX, Moment.max(MARGIN_MIN, fraction));
    }

    /** One attempt, short enough that a server that hangs does not cost the lease. */
    CompletableFuture<? extends Result<?>> renewal(String server) {
        return Deadline.within(timeline(), attemptTimeout(ttl, timeout), renew.apply(server));
    }

    /** Timeout of one attempt at a renewal. */
    static Duration attemptTimeout(Duration ttl, Duration timeout) {
        return Moment.min(timeout, ttl.dividedBy(Rules.RENEWAL_TIMEOUTS_PER_TTL));
    }
}
