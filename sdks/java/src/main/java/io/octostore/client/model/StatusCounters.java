package io.octostore.client.model;

import java.time.Duration;

/**
 * The server's counters.
 *
 * @param service name of the service
 * @param version version of the server
 * @param status its state, such as {@code ready}
 * @param uptime how long it has been running
 * @param locksHeld number of locks that are held
 * @param sessions number of sessions that are alive
 * @param waiters number of requests waiting for a lock
 */
public record StatusCounters(
        String service, String version, String status, Duration uptime, long locksHeld, long sessions, long waiters) {}
