package io.octostore.spring;

import io.octostore.client.ElectOptions;
import io.octostore.client.Election;
import io.octostore.client.Leadership;
import io.octostore.client.LockHandle;
import io.octostore.client.OctoStoreClient;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Takes part in an election while the application runs. Publishes {@link LeadershipGained} and {@link LeadershipLost}.
 * The next leader waits until the listeners of both have returned, unless the lock was lost. If one of them throws,
 * this replica leaves the election, and logs the error.
 */
public final class LeaderElection implements SmartLifecycle {
    private static final Logger LOGGER = System.getLogger("io.octostore.spring");

    private final String name;
    private final ElectOptions options;
    private final OctoStoreClient client;
    private final ApplicationEventPublisher events;
    private volatile Optional<LockHandle> leading = Optional.empty();
    private Optional<Election> running = Optional.empty();

    /**
     * Describes an election, which begins with the application.
     *
     * @param name the name of the lock that the leader holds
     * @param options how to take part
     * @param client what to take part with
     * @param events where to publish
     */
    public LeaderElection(String name, ElectOptions options, OctoStoreClient client, ApplicationEventPublisher events) {
        this.name = name;
        this.options = options;
        this.client = client;
        this.events = events;
    }

    /** {@return whether this replica leads now} */
    public boolean isLeader() {
        return lock().isPresent();
    }

    /** {@return the lock with which this replica leads, or empty if it does not lead} */
    public Optional<LockHandle> lock() {
        return leading.filter(lock -> !lock.isLost());
    }

    @Override
    public synchronized void start() {
        Election election = client.elect(name, options, this::lead);
        election.ended().whenComplete((nothing, error) -> {
            if (error != null) LOGGER.log(Level.ERROR, "This replica has left the election of " + name, error);
        });
        running = Optional.of(election);
    }

    @Override
    public synchronized void stop() {
        running.ifPresent(Election::close);
        running = Optional.empty();
    }

    @Override
    public synchronized boolean isRunning() {
        return running.isPresent();
    }

    private void lead(Leadership leadership) throws InterruptedException, ExecutionException {
        LockHandle lock = leadership.lock();
        leading = Optional.of(lock);
        try {
            events.publishEvent(new LeadershipGained(name, lock));
            // A listener may have been told already, by an interrupt that is over.
            if (!leadership.mustStop()) lock.lost().toCompletableFuture().get();
        } finally {
            leading = Optional.empty();
            events.publishEvent(new LeadershipLost(name));
        }
    }
}
