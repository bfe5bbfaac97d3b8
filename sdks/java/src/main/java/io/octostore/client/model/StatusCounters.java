package io.octostore.client.model;

import java.time.Duration;

/**
 * How the server is.
 *
 * @param service name of the service
 * @param version version of the server
 * @param status whether it serves, such as {@code ready}
 * @param uptime how long it has been running
 * @param locksHeld how many locks are held
 * @param sessions how many sessions live
 * @param waiters how many requests wait for a lock
 */
public record StatusCounters(
        String service, String version, String status, Duration uptime, long locksHeld, long sessions, long waiters) {}
