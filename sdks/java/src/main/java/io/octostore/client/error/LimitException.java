package io.octostore.client.error;

/** You have reached a limit, or send requests too often. */
public final class LimitException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that the server reported.
     *
     * @param message a message for people
     * @param facts the other details
     */
    public LimitException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }
}
