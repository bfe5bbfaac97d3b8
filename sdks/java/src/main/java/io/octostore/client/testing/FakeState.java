package io.octostore.client.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Everything that the fake server knows, behind one monitor. What its clients learn of a change, they learn after the
 * monitor is released.
 */
final class FakeState {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final Past past = new Past(this);
    final FakeLocks locks = new FakeLocks(this, past);
    final FakeSessions sessions = new FakeSessions(this, past);
    final FakeFences fences = new FakeFences(this);
    final FakeStreams streams = new FakeStreams(this);
    private final TestTimeline timeline;
    private final List<Runnable> outbox = new ArrayList<>();
    private long sequence;

    FakeState(TestTimeline timeline) {
        this.timeline = timeline;
    }

    TestTimeline timeline() {
        return timeline;
    }

    Instant now() {
        return BEGINNING.plusNanos(timeline.nanos());
    }

    /** Reads or changes something, and then tells those who wait. */
    <T> T perform(Supplier<T> what) {
        List<Runnable> messages;
        T result;
        synchronized (this) {
            result = what.get();
            messages = List.copyOf(outbox);
            outbox.clear();
            notifyAll();
        }
        messages.forEach(Runnable::run);
        return result;
    }

    /** Does something when the time has come. */
    void after(Duration delay, Runnable what) {
        timeline.after(
                delay,
                () -> perform(() -> {
                    what.run();
                    return null;
                }));
    }

    /** Does something once the monitor is released. */
    void later(Runnable message) {
        outbox.add(message);
    }

    /** Tells the watchers of a lock. */
    void tell(String event, String lock, Optional<FakeLease> lease) {
        Map<String, Object> data = new HashMap<>(
                Map.of("event", event, "lock", lock, "timestamp", now().toString(), "sequence", ++sequence));
        lease.ifPresent(one -> data.putAll(one.json(lock, "")));
        String frame = FakeStreams.frame(event, sequence, data);
        later(() -> streams.send(lock, frame));
    }

    long sequence() {
        return sequence;
    }

    /** Waits until so many requests wait for a lock, in real time. */
    synchronized void awaitWaiters(String name, int count, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (locks.waiters(name) < count) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new IllegalStateException(
                        "There are " + locks.waiters(name) + " waiters for the lock " + name + ", not " + count + ".");
            }
            wait(left);
        }
    }
}
