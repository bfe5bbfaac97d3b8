package io.octostore.client.model;

import java.util.Locale;

/** What can happen to a lock. */
public enum LockEventType {
    /** It was granted. */
    ACQUIRED,
    /** Its holder gave it back. */
    RELEASED,
    /** Its lease was extended. */
    RENEWED,
    /** Its lease ended without a release. */
    EXPIRED;

    /** {@return the name that the server uses, such as {@code acquired}} */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
