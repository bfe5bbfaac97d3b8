package io.octostore.client.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt. */
public final class Delays {
    private Delays() {}

    /**
     * Random between zero and a bound that doubles with each failure, so that many clients spread out, but never less
     * than the server asked for.
     *
     * @param failures how many attempts have failed, from 1
     */
    public static Duration after(int failures, Optional<Duration> retryAfter) {
        double bound = Math.min(
                Rules.REPEAT_DELAY_MS_MAX, Rules.REPEAT_DELAY_MS_FIRST * Math.pow(2, Math.max(0, failures - 1)));
        double millis = ThreadLocalRandom.current().nextDouble() * bound;
        return Moment.max(Duration.ofNanos((long) (millis * 1e6)), retryAfter.orElse(Duration.ZERO));
    }
}
