package io.octostore.client;

/** Learns of everything that happens to the locks and sessions that a client holds, such as for metrics and traces. */
@FunctionalInterface
public interface HandleObserver {
    /**
     * Something has happened. {@link HandleEvent.Type#ACQUIRED} is told on the thread that acquires the lock, anything
     * else on a thread of the client, in order for each handle. An exception is logged, and does no harm.
     *
     * @param event what has happened
     */
    void observe(HandleEvent event);
}
