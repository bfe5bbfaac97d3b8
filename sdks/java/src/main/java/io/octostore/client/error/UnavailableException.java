package io.octostore.client.error;

/** The server cannot do it now, also not after some repeats. */
public final class UnavailableException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that an answer of the server stands for.
     *
     * @param message for people
     * @param facts what else is known
     */
    public UnavailableException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }
}
