package io.octostore.client.model;

import java.util.List;

/**
 * The line of a lock.
 *
 * @param name name of the lock
 * @param waiters number of requests that are waiting for the lock now
 * @param total number of places, including those that are only kept
 * @param queue the first 100 places, in order of arrival
 */
public record LockQueue(String name, long waiters, long total, List<QueuePlace> queue) {}
