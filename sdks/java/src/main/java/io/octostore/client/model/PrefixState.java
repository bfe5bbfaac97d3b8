package io.octostore.client.model;

import java.util.List;

/**
 * The locks below a prefix that are held. They come in parts.
 *
 * @param locks those of this part
 * @param complete whether this is the last part
 */
public record PrefixState(List<HeldLock> locks, boolean complete) {}
