package io.octostore.client.internal;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of all clients in this JVM: one timer, and workers for anything that may take time. They are daemon
 * threads, and end when they have been idle for a while.
 */
public final class Background {
    private static final long IDLE_SECONDS = 10;
    private static final ThreadPoolExecutor WORKERS = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            daemons("octostore-worker-"));
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private Background() {}

    public static Executor workers() {
        return WORKERS;
    }

    /** Runs something short on the timer thread. */
    public static Future<?> after(Duration delay, Runnable task) {
        return TIMER.schedule(task, Moment.nanosOf(delay), TimeUnit.NANOSECONDS);
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("octostore-timer-"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
