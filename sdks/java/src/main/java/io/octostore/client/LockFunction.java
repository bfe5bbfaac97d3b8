package io.octostore.client;

/**
 * What to do while holding a lock.
 *
 * @param <T> the result
 * @param <X> what it can throw
 */
@FunctionalInterface
public interface LockFunction<T, X extends Exception> {
    /**
     * Does the work.
     *
     * @param lock the lock that is held
     * @return the result
     * @throws X if it fails
     */
    T apply(LockHandle lock) throws X;
}
