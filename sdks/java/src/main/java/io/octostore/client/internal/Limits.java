package io.octostore.client.internal;

import java.time.Duration;

/**
 * Limits of all attempts of a call together.
 *
 * @param until when all attempts and pauses must have ended
 * @param attemptsMax how many times it is sent, at most
 */
public record Limits(Moment until, int attemptsMax) {
    private static final Duration BRIEFLY = Duration.ofMillis(Rules.CLOSE_MS_MAX_WHEN_LOST);

    /** No limits besides those of every call. */
    public static Limits none(Timeline timeline) {
        return within(timeline, Moment.LONGEST);
    }

    public static Limits within(Timeline timeline, Duration duration) {
        return new Limits(timeline.now().plus(duration), Integer.MAX_VALUE);
    }

    /** One short attempt, for what ends by itself anyway. */
    public static Limits brief(Timeline timeline) {
        return new Limits(timeline.now().plus(BRIEFLY), 1);
    }
}
