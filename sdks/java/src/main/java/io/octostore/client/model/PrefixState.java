package io.octostore.client.model;

import java.util.List;

/**
 * The held locks with a prefix. They can arrive in several parts.
 *
 * @param locks the locks in this part
 * @param complete whether this is the last part
 */
public record PrefixState(List<HeldLock> locks, boolean complete) {}
