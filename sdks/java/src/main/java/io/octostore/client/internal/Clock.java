package io.octostore.client.internal;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A monotonic clock that counts the time for which the machine was suspended. The JDK has none ({@link System#nanoTime}
 * is CLOCK_MONOTONIC on Linux, which stands still meanwhile), so this compares the wall clock with the monotonic one at
 * each look. If someone sets the wall clock forward, that counts as passed time too: a lease then ends too early for
 * its holder, which is safe.
 */
public final class Clock implements Timeline {
    public static final Clock OF_LEASES =
            new Clock(System::nanoTime, () -> TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));

    /** How much more the wall clock must have advanced than the monotonic one to count as suspended time. */
    private static final long SUSPENDED_NANOS_MIN = TimeUnit.SECONDS.toNanos(1);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final LongSupplier monotonic;
    private final LongSupplier wall;
    private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();

    // All of these are guarded by this object's monitor.
    private long lastMonotonic;
    private long lastWall;
    private long suspended;
    private boolean isLooking;

    /** Both in nanoseconds. */
    public Clock(LongSupplier monotonic, LongSupplier wall) {
        this.monotonic = monotonic;
        this.wall = wall;
        this.lastMonotonic = monotonic.getAsLong();
        this.lastWall = wall.getAsLong();
    }

    @Override
    public synchronized long nanos() {
        long monotonicNow = monotonic.getAsLong();
        long wallNow = wall.getAsLong();
        long gained = (wallNow - lastWall) - (monotonicNow - lastMonotonic);
        lastMonotonic = monotonicNow;
        lastWall = wallNow;
        if (gained > SUSPENDED_NANOS_MIN) {
            suspended += gained;
            listeners.forEach(Background.workers()::execute);
        }
        return monotonicNow + suspended;
    }

    @Override
    public Future<?> after(Duration delay, Runnable task) {
        return Background.after(delay, task);
    }

    @Override
    public void onSuspended(Runnable listener) {
        listeners.add(listener);
        startToLook();
    }

    @Override
    public void forget(Runnable listener) {
        listeners.remove(listener);
    }

    private synchronized void startToLook() {
        if (isLooking) return;
        isLooking = true;
        Background.after(LOOK_EVERY, this::look);
    }

    private synchronized void look() {
        nanos();
        isLooking = false;
        if (!listeners.isEmpty()) startToLook();
    }
}
