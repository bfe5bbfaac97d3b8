package io.octostore.client.internal;

import java.time.Duration;

/** A point on the clock that leases are counted on. That of the system counts suspended time: see {@link Clock}. */
public record Moment(Timeline timeline, long nanos) {
    /** Longer than any program waits, and short enough for the arithmetic of {@link System#nanoTime}. */
    public static final Duration LONGEST = Duration.ofDays(36_500);

    public Moment plus(Duration duration) {
        return new Moment(timeline, nanos + nanosOf(duration));
    }

    /** The nanoseconds of a duration, which may mean forever. */
    static long nanosOf(Duration duration) {
        return min(duration, LONGEST).toNanos();
    }

    /** From this moment to another one. Negative if that is earlier. */
    public Duration until(Moment other) {
        return Duration.ofNanos(other.nanos - nanos);
    }

    /** How long until this moment. Zero if it has passed. */
    public Duration remaining() {
        return max(timeline.now().until(this), Duration.ZERO);
    }

    public boolean hasPassed() {
        return remaining().isZero();
    }

    public static Moment later(Moment one, Moment other) {
        return one.until(other).isNegative() ? one : other;
    }

    public static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    public static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
