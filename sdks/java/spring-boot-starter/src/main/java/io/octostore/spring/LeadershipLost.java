package io.octostore.spring;

/**
 * This replica no longer leads: the lock is lost, or the application shuts down.
 *
 * @param name the name of the election
 */
public record LeadershipLost(String name) {}
