package io.octostore.client.error;

/** The server cannot handle the request now, and retries did not help. */
public final class UnavailableException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that the server reported.
     *
     * @param message a message for people
     * @param facts the other details
     */
    public UnavailableException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }
}
