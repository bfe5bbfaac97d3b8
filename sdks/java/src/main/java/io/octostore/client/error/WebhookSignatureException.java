package io.octostore.client.error;

/** A webhook message that was not signed with the secret, or not just now. */
public final class WebhookSignatureException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * A message that is not to be trusted.
     *
     * @param message for people
     */
    public WebhookSignatureException(String message) {
        super(message, ErrorFacts.NONE, null);
    }
}
