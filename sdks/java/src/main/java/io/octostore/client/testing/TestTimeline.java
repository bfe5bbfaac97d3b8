package io.octostore.client.testing;

import io.octostore.client.internal.Background;
import io.octostore.client.internal.Timeline;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Time that stands still until a test moves it. */
final class TestTimeline implements Timeline {
    private record Task(long at, long number, FutureTask<Void> work) {}

    private static final Comparator<Task> ORDER =
            Comparator.comparingLong(Task::at).thenComparingLong(Task::number);

    // All of these are guarded by this object's monitor.
    private final PriorityQueue<Task> tasks = new PriorityQueue<>(ORDER);
    private long now;
    private long lastNumber;

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public synchronized Future<?> after(Duration delay, Runnable task) {
        FutureTask<Void> work = new FutureTask<>(task, null);
        if (delay.isZero() || delay.isNegative()) Background.workers().execute(work);
        else tasks.add(new Task(now().plus(delay).nanos(), ++lastNumber, work));
        return work;
    }

    @Override
    public void onSuspended(Runnable listener) {
        // This clock is never suspended.
    }

    @Override
    public void forget(Runnable listener) {
        // It is not known.
    }

    /** Runs everything that is due until then, in order, on the calling thread. */
    void advance(Duration duration) {
        long until = now().plus(duration).nanos();
        for (Optional<Task> due = nextUntil(until); due.isPresent(); due = nextUntil(until)) {
            due.get().work().run();
        }
    }

    private synchronized Optional<Task> nextUntil(long until) {
        boolean isDue = !tasks.isEmpty() && tasks.peek().at() <= until;
        now = Math.max(now, isDue ? tasks.peek().at() : until);
        return isDue ? Optional.of(tasks.poll()) : Optional.empty();
    }
}
