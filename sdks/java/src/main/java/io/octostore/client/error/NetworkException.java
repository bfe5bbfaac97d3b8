package io.octostore.client.error;

/** There was no connection, or it broke before the whole answer had come. */
public final class NetworkException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    private final boolean sent;

    /**
     * A failure of a connection.
     *
     * @param message for people
     * @param sent whether the request can have reached the server
     * @param cause what the JDK threw, or null
     */
    public NetworkException(String message, boolean sent, Throwable cause) {
        super(message, ErrorFacts.NONE, cause);
        this.sent = sent;
    }

    /** {@return whether the request can have reached the server} */
    public boolean wasSent() {
        return sent;
    }
}
