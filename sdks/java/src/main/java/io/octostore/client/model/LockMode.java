package io.octostore.client.model;

import java.util.Locale;

/** How leases hold a lock. */
public enum LockMode {
    /** One lease holds the lock alone. */
    EXCLUSIVE,
    /** Any number of leases hold the lock together. */
    SHARED,
    /** Leases share the permits of the lock. */
    COUNTED;

    /** {@return the name that the server uses, such as {@code shared}} */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
