package io.octostore.client;

import java.util.Optional;

/** Which locks to list. Immutable: each method returns new options. */
public final class ListOptions {
    private static final ListOptions ALL = new ListOptions(Optional.empty(), false);

    private final Optional<String> prefix;
    private final boolean ownOnly;

    private ListOptions(Optional<String> prefix, boolean ownOnly) {
        this.prefix = prefix;
        this.ownOnly = ownOnly;
    }

    /** {@return all that are held} */
    public static ListOptions all() {
        return ALL;
    }

    /**
     * Only locks whose names begin with this text.
     *
     * @param text the prefix
     * @return the narrower options
     */
    public ListOptions withPrefix(String text) {
        return new ListOptions(Optional.of(text), ownOnly);
    }

    /** {@return only your own} */
    public ListOptions own() {
        return new ListOptions(prefix, true);
    }

    Optional<String> prefix() {
        return prefix;
    }

    boolean ownOnly() {
        return ownOnly;
    }
}
