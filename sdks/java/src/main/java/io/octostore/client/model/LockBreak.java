package io.octostore.client.model;

import java.util.List;

/**
 * What a break has ended.
 *
 * @param leaseCount number of leases
 * @param fencingTokens the tokens of the first 100 of them, in the order they were granted
 * @param endedDelay whether no one held the lock, and it is now available instead of delayed
 */
public record LockBreak(long leaseCount, List<Long> fencingTokens, boolean endedDelay) {}
