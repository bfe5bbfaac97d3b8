package io.octostore.client.error;

/** The whole answer did not come in time. */
public final class CallTimeoutException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An attempt that took too long.
     *
     * @param message for people
     */
    public CallTimeoutException(String message) {
        super(message, ErrorFacts.NONE, null);
    }
}
