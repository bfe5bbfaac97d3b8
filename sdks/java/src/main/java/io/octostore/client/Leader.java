package io.octostore.client;

/**
 * What the leader does. When it must stop, because the lock is lost or the election has been stopped, its thread is
 * interrupted and {@link Leadership#mustStop} is true. The election waits for it: this process neither campaigns again
 * nor releases the lock before it has returned.
 */
@FunctionalInterface
public interface Leader {
    /**
     * Leads until it is done or must stop.
     *
     * @param leadership the lock, and whether to stop
     * @throws Exception to end the election with it. An {@link InterruptedException} after it was told to stop counts
     *     as returning
     */
    void lead(Leadership leadership) throws Exception;
}
