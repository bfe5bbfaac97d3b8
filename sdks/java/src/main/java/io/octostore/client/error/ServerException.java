package io.octostore.client.error;

/** An answer that is no success and nothing that another error stands for, or that cannot be understood. */
public final class ServerException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that an answer of the server stands for.
     *
     * @param message for people
     * @param facts what else is known
     */
    public ServerException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }
}
