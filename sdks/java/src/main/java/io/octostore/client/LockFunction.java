package io.octostore.client;

/**
 * What is done while a lock is held.
 *
 * @param <T> what comes of it
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface LockFunction<T, X extends Exception> {
    /**
     * Does it.
     *
     * @param lock the lock that is held
     * @return what comes of it
     * @throws X if it fails
     */
    T apply(LockHandle lock) throws X;
}
