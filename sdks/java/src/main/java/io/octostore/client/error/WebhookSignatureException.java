package io.octostore.client.error;

/** A webhook delivery was not signed with the secret, or its timestamp is too far off. */
public final class WebhookSignatureException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * A delivery that must not be trusted.
     *
     * @param message a message for people
     */
    public WebhookSignatureException(String message) {
        super(message, ErrorFacts.NONE, null);
    }
}
