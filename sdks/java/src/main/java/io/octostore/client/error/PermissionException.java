package io.octostore.client.error;

/** You are not allowed to do this. */
public final class PermissionException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that the server reported.
     *
     * @param message a message for people
     * @param facts the other details
     */
    public PermissionException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }
}
