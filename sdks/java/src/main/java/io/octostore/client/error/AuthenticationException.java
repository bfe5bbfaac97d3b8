package io.octostore.client.error;

/** The token is missing, mistyped, rotated or revoked. */
public final class AuthenticationException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that an answer of the server stands for.
     *
     * @param message for people
     * @param facts what else is known
     */
    public AuthenticationException(String message, ErrorFacts facts) {
        super(message, facts, null);
    }
}
