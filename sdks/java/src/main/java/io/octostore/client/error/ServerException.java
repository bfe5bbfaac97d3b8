package io.octostore.client.error;

/** Any other unsuccessful response, or one that cannot be read. */
public final class ServerException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that the server reported.
     *
     * @param message a message for people
     * @param facts the other details
     */
    public ServerException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }
}
