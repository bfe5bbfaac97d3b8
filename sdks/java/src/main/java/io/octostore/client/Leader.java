package io.octostore.client;

/**
 * What the leader does. When it must stop, because the lock is lost or the election is stopped, its thread is
 * interrupted and {@link Leadership#mustStop} is true. It is waited for: this process does not campaign again, nor
 * release the lock, before it has returned.
 */
@FunctionalInterface
public interface Leader {
    /**
     * Leads until it is done or must stop.
     *
     * @param leadership the lock that is held, and whether to stop
     * @throws Exception to end the election with it. {@link InterruptedException} after having been told to stop is the
     *     same as returning
     */
    void lead(Leadership leadership) throws Exception;
}
