package io.octostore.client;

import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.error.StaleTokenException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.model.Fence;

/**
 * Fences. Each remembers the highest fencing token that a resource has seen, for resources that cannot do so
 * themselves. Their names follow the rules of lock names. All methods throw an {@link OctoStoreException} if they fail.
 */
public interface Fences {
    /**
     * Tells a fence of your fencing token. Call this before you change what your lock protects. From then on, the fence
     * refuses every lower token. The first call creates the fence.
     *
     * @param name name of the fence
     * @param fencingToken the token of your lease
     * @return what the fence has seen
     * @throws StaleTokenException if the fence has seen a higher token. Then stop
     * @throws ValidationException if the name or the token is not valid
     */
    Fence advance(String name, long fencingToken);

    /**
     * Answers as {@link #advance} would, and changes nothing. For those who share a lock and only read.
     *
     * @param name name of the fence
     * @param fencingToken the token of your lease
     * @return what the fence has seen
     * @throws StaleTokenException if the fence has seen a higher token. Then stop
     * @throws ValidationException if the name or the token is not valid
     */
    Fence check(String name, long fencingToken);

    /**
     * What a fence has seen.
     *
     * @param name name of the fence
     * @return the fence
     * @throws NotFoundException if there is no such fence
     * @throws ValidationException if the name is not valid
     */
    Fence get(String name);
}
