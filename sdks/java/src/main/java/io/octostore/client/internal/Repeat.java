package io.octostore.client.internal;

/** When a call may be repeated. */
public enum Repeat {
    /** It does no harm if the server does it twice. */
    SAFE,
    /**
     * The same, of what makes something go away: if that is gone after an attempt of unknown outcome, that attempt did
     * it.
     */
    UNTIL_GONE,
    /** It must not be done twice, so only what never left this machine is sent again. */
    UNSENT
}
