package io.octostore.client.error;

/** The token is missing, mistyped, rotated or revoked. */
public final class AuthenticationException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that the server reported.
     *
     * @param message a message for people
     * @param facts the other details
     */
    public AuthenticationException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }

    /**
     * An error before anything was sent.
     *
     * @param message a message for people
     * @param cause why there is no token
     */
    public AuthenticationException(String message, Throwable cause) {
        super(message, ErrorFacts.NONE, cause);
    }
}
