package io.octostore.client.model;

import java.util.Locale;

/** The kind of an event. */
public enum LockEventType {
    /** It was granted. */
    ACQUIRED,
    /** Its holder released it. */
    RELEASED,
    /** Its holder renewed it. */
    RENEWED,
    /** Its lease expired. */
    EXPIRED;

    /** {@return the name that the server uses, such as {@code acquired}} */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
