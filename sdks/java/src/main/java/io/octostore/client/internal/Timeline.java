package io.octostore.client.internal;

import java.time.Duration;
import java.util.concurrent.Future;

/** The time of a client: a clock that never goes back, and timers that keep to it. */
public interface Timeline {
    /** Nanoseconds since some moment. */
    long nanos();

    /** Runs something short when the time has come. */
    Future<?> after(Duration delay, Runnable task);

    /** Runs the listener soon after a suspension of the machine, because timers do not count that time. */
    void onSuspended(Runnable listener);

    void forget(Runnable listener);

    default Moment now() {
        return new Moment(this, nanos());
    }
}
