package io.octostore.client.error;

/** The whole response did not arrive in time. */
public final class CallTimeoutException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An attempt that took too long.
     *
     * @param message a message for people
     */
    public CallTimeoutException(String message) {
        super(message, ErrorFacts.NONE, null);
    }
}
