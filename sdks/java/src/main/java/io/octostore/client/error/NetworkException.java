package io.octostore.client.error;

/** There was no connection, or it broke before the whole response arrived. */
public final class NetworkException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    private final boolean sent;

    /**
     * A failure of a connection.
     *
     * @param message a message for people
     * @param sent whether the request may have reached the server
     * @param cause the JDK's exception, or null
     */
    public NetworkException(String message, boolean sent, Throwable cause) {
        super(message, ErrorFacts.NONE, cause);
        this.sent = sent;
    }

    /** {@return whether the request may have reached the server} */
    public boolean wasSent() {
        return sent;
    }
}
