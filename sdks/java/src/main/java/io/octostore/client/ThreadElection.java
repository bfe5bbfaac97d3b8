package io.octostore.client;

import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.internal.Delays;
import io.octostore.client.internal.Failures;
import io.octostore.client.internal.Timeline;
import io.octostore.client.internal.Waiting;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** An election on a thread of its own. */
final class ThreadElection implements Election {
    private static final Logger LOGGER = System.getLogger("io.octostore.client");

    private final String name;
    private final Timeline timeline;
    private final Supplier<LockHandle> hold;
    private final Leader leader;
    private final boolean once;
    private final Thread thread;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean isStopped;
    /** Whether someone has asked how it ends. */
    private volatile boolean isObserved;

    /** The lock whose leader may be interrupted now. A later signal must not interrupt what the thread does next. */
    private Optional<LockHandle> leading = Optional.empty();

    private ThreadElection(String name, Timeline timeline, Supplier<LockHandle> hold, Leader leader, boolean once) {
        this.name = name;
        this.timeline = timeline;
        this.hold = hold;
        this.leader = leader;
        this.once = once;
        this.thread = new Thread(this::run, "octostore-election-" + name);
        thread.setDaemon(true);
    }

    static Election start(String name, Timeline timeline, Supplier<LockHandle> hold, Leader leader, boolean once) {
        ThreadElection election = new ThreadElection(name, timeline, hold, leader, once);
        election.thread.start();
        return election;
    }

    @Override
    public void stop() {
        isStopped = true;
        thread.interrupt();
    }

    @Override
    public void join() {
        isObserved = true;
        try {
            end.get();
        } catch (InterruptedException interrupted) {
            throw Waiting.interruption();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof RuntimeException unchecked) throw unchecked;
            if (cause instanceof Error error) throw error;
            throw new CompletionException(cause);
        }
    }

    @Override
    public CompletableFuture<Void> ended() {
        isObserved = true;
        return end.copy();
    }

    @Override
    public String name() {
        return name;
    }

    /** {@return for logs and debugging} */
    @Override
    public String toString() {
        return "Election(" + name + ")";
    }

    @Override
    public void close() {
        stop();
        Waiting.awaitEnd(end);
    }

    private void run() {
        try {
            Optional<LockHandle> won = campaign();
            while (won.isPresent()) {
                lead(won.get());
                won = once || isStopped ? Optional.empty() : campaign();
            }
            end.complete(null);
        } catch (Throwable error) {
            end.completeExceptionally(error);
            if (!isObserved)
                LOGGER.log(Level.ERROR, "The election of the lock " + name + " has ended with an error", error);
        }
    }

    /**
     * The lock once it is acquired, or empty if the election is stopped first. Invalid arguments are reported in any
     * case.
     */
    private Optional<LockHandle> campaign() {
        int failures = 0;
        do {
            try {
                return Optional.of(hold.get());
            } catch (LockHeldException held) {
                failures = 0;
            } catch (CallInterruptedException stopped) {
                if (!isStopped) throw stopped;
            } catch (OctoStoreException error) {
                if (!Failures.canMend(error)) throw error;
                failures++;
                pause(Delays.after(failures, error.retryAfter()));
            }
        } while (!isStopped);
        return Optional.empty();
    }

    private void lead(LockHandle lock) throws Exception {
        Leadership leadership = new LeadershipOfLock(lock, () -> isStopped);
        try (lock) {
            if (isStopped) return;
            begin(lock);
            try {
                leader.lead(leadership);
            } finally {
                finish();
            }
        } catch (InterruptedException | CallInterruptedException told) {
            if (!leadership.mustStop()) throw told;
        }
    }

    private void begin(LockHandle lock) {
        synchronized (this) {
            leading = Optional.of(lock);
        }
        lock.onLost(() -> interruptLeader(lock));
    }

    private synchronized void interruptLeader(LockHandle lock) {
        if (leading.filter(lock::equals).isPresent()) thread.interrupt();
    }

    private synchronized void finish() {
        leading = Optional.empty();
        // An interrupt was meant for the leader, not for the next campaign, which checks whether the election has been
        // stopped.
        Thread.interrupted();
    }

    private void pause(Duration delay) {
        try {
            Waiting.pause(timeline, delay);
        } catch (CallInterruptedException stopped) {
            // The loop checks this.
        }
    }
}
