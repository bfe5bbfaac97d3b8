package io.octostore.spring;

import io.octostore.client.LockHandle;

/**
 * This replica has begun to lead. Listeners run on a thread of the election. If one of them is to work for as long as
 * this replica leads, it must stop when its thread is interrupted.
 *
 * @param name the name of the election
 * @param lock the lock that the leader holds, with its fencing token
 */
public record LeadershipGained(String name, LockHandle lock) {}
