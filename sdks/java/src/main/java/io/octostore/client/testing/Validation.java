package io.octostore.client.testing;

import io.octostore.client.internal.Fields;
import io.octostore.client.internal.Rules;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Refuses requests that are not valid, as the server does. */
final class Validation {
    private static final int PERMITS_MAX = 10_000;
    private static final int LOCKS_MAX = 32;
    private static final int LOCK_DELAY_SECONDS_MAX = 60;

    private Validation() {}

    static Duration leaseTtl(Fields body) {
        return Duration.ofSeconds(number(body, "ttl_seconds", Rules.TTL_SECONDS_MIN, Rules.TTL_SECONDS_MAX));
    }

    static Duration sessionTtl(Fields body) {
        if (!body.has("ttl_seconds")) return Duration.ofSeconds(Rules.SESSION_TTL_SECONDS_DEFAULT);
        return Duration.ofSeconds(
                number(body, "ttl_seconds", Rules.SESSION_TTL_SECONDS_MIN, Rules.SESSION_TTL_SECONDS_MAX));
    }

    static Duration waitAtMost(Fields body) {
        return optionalSeconds(body, "wait_seconds", Rules.WAIT_SECONDS_PER_REQUEST_MAX);
    }

    /** How the locks of a lease are wanted. */
    static List<Hold> holds(Fields body) {
        if (!body.has("locks")) throw invalid("locks is missing");
        List<Hold> wanted = body.objects("locks", lock -> hold(lock.text("name"), lock));
        if (wanted.isEmpty() || wanted.size() > LOCKS_MAX)
            throw invalid("locks must be a list of 1 to " + LOCKS_MAX + " locks");
        return wanted;
    }

    /** How a lock is wanted. */
    static Hold hold(String name, Fields given) {
        if (!given.has("limit")) {
            if (given.has("permits")) throw invalid("permits needs a limit. Add one, or leave permits out.");
            return new Hold(name, given.optionalText("mode").orElse(Hold.EXCLUSIVE), 0, 0, List.of());
        }
        if (given.has("mode")) throw invalid("A lock with a limit is counted, so it has no mode.");
        int limit = Math.toIntExact(number(given, "limit", 1, PERMITS_MAX));
        int permits = given.has("permits") ? Math.toIntExact(number(given, "permits", 1, PERMITS_MAX)) : 1;
        if (permits > limit) throw invalid("permits is " + permits + ", but limit is " + limit + ".");
        return new Hold(name, Hold.COUNTED, limit, permits, List.of());
    }

    static Duration lockDelay(Fields body, List<Hold> wanted) {
        return delay(body, "lock_delay_seconds", LOCK_DELAY_SECONDS_MAX, wanted);
    }

    static Duration minHold(Fields body, List<Hold> wanted, Duration ttl) {
        return delay(body, "min_hold_seconds", ttl.toSeconds(), wanted);
    }

    /** @param last the last token that was issued */
    static long fencingToken(Fields body, long last) {
        long token = number(body, "fencing_token", 1, Long.MAX_VALUE);
        if (token > last) throw invalid("fencing_token must be a token that was issued. The last one is " + last + ".");
        return token;
    }

    static Refused invalid(String details) {
        return new Refused(
                Reply.error(422, "validation_failed", "The request is not valid.", Map.of("details", details)));
    }

    private static Duration delay(Fields body, String name, long max, List<Hold> wanted) {
        Duration delay = optionalSeconds(body, name, max);
        if (!delay.isZero() && !wanted.stream().allMatch(hold -> hold.mode().equals(Hold.EXCLUSIVE)))
            throw invalid(name + " is for exclusive locks.");
        return delay;
    }

    private static Duration optionalSeconds(Fields body, String name, long max) {
        return body.has(name) ? Duration.ofSeconds(number(body, name, 0, max)) : Duration.ZERO;
    }

    private static long number(Fields body, String name, long min, long max) {
        long number = body.optionalNumber(name).orElse(Long.MIN_VALUE);
        if (number < min || number > max) throw invalid(name + " must be an integer from " + min + " to " + max);
        return number;
    }
}
