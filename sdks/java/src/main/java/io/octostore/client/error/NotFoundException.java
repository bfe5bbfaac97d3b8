package io.octostore.client.error;

/** The lease, session, webhook or delivery does not exist, no longer exists, or is not yours. */
public sealed class NotFoundException extends OctoStoreException permits LeaseBrokenException, LostException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that the server reported.
     *
     * @param message a message for people
     * @param facts the other details
     */
    public NotFoundException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }

    NotFoundException(String message, ErrorFacts facts, Throwable cause) {
        super(message, facts, cause);
    }
}
