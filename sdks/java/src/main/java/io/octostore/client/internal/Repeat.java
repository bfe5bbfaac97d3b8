package io.octostore.client.internal;

/** When to retry a call. */
public enum Repeat {
    /** It is harmless if the server does this twice. */
    SAFE,
    /**
     * The same, for calls that remove something: if it is gone after an attempt with an unknown outcome, that attempt
     * did it.
     */
    UNTIL_GONE,
    /** It must not happen twice, so a request is sent again only if it never left this machine. */
    UNSENT
}
