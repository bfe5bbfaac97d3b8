package io.octostore.client;

import io.octostore.client.error.ValidationException;
import io.octostore.client.model.LockMode;
import java.util.OptionalInt;

/**
 * One of several locks that you want together.
 *
 * @param name name of the lock
 * @param mode how to hold it
 * @param limit how many permits the lock has, if it is counted
 * @param permits how many of them you want, if it is counted
 */
public record WantedLock(String name, LockMode mode, OptionalInt limit, OptionalInt permits) {
    /**
     * A lock to hold alone.
     *
     * @param name name of the lock
     * @return the lock
     */
    public static WantedLock exclusive(String name) {
        return new WantedLock(name, LockMode.EXCLUSIVE, OptionalInt.empty(), OptionalInt.empty());
    }

    /**
     * A lock to hold together with everyone else who shares it.
     *
     * @param name name of the lock
     * @return the lock
     */
    public static WantedLock shared(String name) {
        return new WantedLock(name, LockMode.SHARED, OptionalInt.empty(), OptionalInt.empty());
    }

    /**
     * One permit of a counted lock.
     *
     * @param name name of the lock
     * @param limit how many permits its leases may have together, 1 to 10,000. Everyone must give the same limit
     * @return the lock
     */
    public static WantedLock counted(String name, int limit) {
        return new WantedLock(name, LockMode.COUNTED, OptionalInt.of(limit), OptionalInt.empty());
    }

    /**
     * The same counted lock with another number of permits.
     *
     * @param number how many you want, 1 to the limit
     * @return the lock
     */
    public WantedLock withPermits(int number) {
        return new WantedLock(name, mode, limit, OptionalInt.of(number));
    }

    /** Checks that the server can understand it. Throws {@link ValidationException}. */
    void check() {
        Checks.name(name);
        Checks.hold(mode, limit, permits);
    }
}
