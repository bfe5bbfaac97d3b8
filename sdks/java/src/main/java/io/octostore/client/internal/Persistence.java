package io.octostore.client.internal;

import io.octostore.client.error.OctoStoreException;
import java.time.Duration;
import java.util.Optional;

/** Whether and when a call is attempted again after a failure. Not thread-safe. */
final class Persistence {
    private static final int ATTEMPTS_MIN = 1 + Rules.REPEATS_MAX;
    private static final Duration RETRY_AFTER_MAX = Duration.ofMillis(Rules.RETRY_AFTER_MS_MAX);
    /** A request that lasted this long has waited in line. */
    private static final Duration WAITED_MIN = Duration.ofSeconds(1);

    private final Repeat repeat;
    private final Optional<Moment> patientUntil;
    private int attempts;
    /** How many attempts have failed since the delays began to grow. */
    private int failures;

    /** @param patientUntil until then it goes on, however many attempts have failed */
    Persistence(Repeat repeat, Optional<Moment> patientUntil) {
        this.repeat = repeat;
        this.patientUntil = patientUntil;
    }

    /**
     * The pause before the next attempt. Empty if there must be none.
     *
     * @param lasted how long the attempt took that has failed
     */
    Optional<Duration> pauseAfter(OctoStoreException error, Duration lasted) {
        attempts++;
        if (patientUntil.isPresent() && lasted.compareTo(WAITED_MIN) >= 0) failures = 0;
        failures++;
        Duration patience = patientUntil.map(Moment::remaining).orElse(Duration.ZERO);
        boolean isUsual = attempts < ATTEMPTS_MIN;
        if (!Failures.mayRepeat(error, repeat) || (!isUsual && patience.isZero())) return Optional.empty();
        Duration delay = Delays.after(failures, Optional.empty());
        Duration own = isUsual ? delay : Moment.min(delay, patience);
        Duration pause = Moment.max(own, error.retryAfter().orElse(Duration.ZERO));
        return Optional.of(pause).filter(length -> length.compareTo(Moment.max(RETRY_AFTER_MAX, patience)) <= 0);
    }
}
