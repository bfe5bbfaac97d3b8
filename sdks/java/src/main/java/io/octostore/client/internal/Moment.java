package io.octostore.client.internal;

import java.time.Duration;

/** A point on the monotonic clock, which nobody sets. */
public record Moment(long nanos) {
    /** Longer than any program waits, and short enough for the arithmetic of {@link System#nanoTime}. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    public static Moment now() {
        return new Moment(System.nanoTime());
    }

    public Moment plus(Duration duration) {
        return new Moment(nanos + nanosOf(duration));
    }

    /** The nanoseconds of a duration, which may be meant to be without end. */
    static long nanosOf(Duration duration) {
        return min(duration, LONGEST).toNanos();
    }

    /** From this moment to another one; negative if that one is earlier. */
    public Duration until(Moment other) {
        return Duration.ofNanos(other.nanos - nanos);
    }

    /** How long this moment is still to come; zero if it has passed. */
    public Duration remaining() {
        return max(now().until(this), Duration.ZERO);
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
