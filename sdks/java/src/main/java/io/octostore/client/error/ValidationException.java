package io.octostore.client.error;

/** The request is not valid: the client has refused it before sending, or the server has. */
public final class ValidationException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that an answer of the server stands for.
     *
     * @param message for people
     * @param facts what else is known
     */
    public ValidationException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }

    /**
     * A refusal before anything was sent.
     *
     * @param message for people
     */
    public ValidationException(String message) {
        this(message, ErrorFacts.NONE);
    }
}
