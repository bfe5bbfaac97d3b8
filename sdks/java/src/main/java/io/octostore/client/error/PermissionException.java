package io.octostore.client.error;

/** You may not do that. */
public final class PermissionException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that an answer of the server stands for.
     *
     * @param message for people
     * @param facts what else is known
     */
    public PermissionException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }
}
