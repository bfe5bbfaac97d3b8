package io.octostore.client.error;

/** You have as many locks or sessions as allowed, or ask too often. */
public final class LimitException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that an answer of the server stands for.
     *
     * @param message for people
     * @param facts what else is known
     */
    public LimitException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }
}
