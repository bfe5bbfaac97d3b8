package io.octostore.client.error;

/** The lease, session, webhook or delivery does not exist (any more), or is not yours. */
public sealed class NotFoundException extends OctoStoreException permits LostException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that an answer of the server stands for.
     *
     * @param message for people
     * @param facts what else is known
     */
    public NotFoundException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }

    NotFoundException(String message, ErrorFacts facts, Throwable cause) {
        super(message, facts, cause);
    }
}
