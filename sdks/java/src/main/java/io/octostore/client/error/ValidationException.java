package io.octostore.client.error;

/** The request is not valid. The client refused it before sending, or the server did. */
public final class ValidationException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that the server reported.
     *
     * @param message a message for people
     * @param facts the other details
     */
    public ValidationException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }

    /**
     * A refusal before anything was sent.
     *
     * @param message a message for people
     */
    public ValidationException(String message) {
        this(message, ErrorFacts.NONE);
    }
}
