package io.octostore.client.error;

/** A fence has seen a higher fencing token than yours: a later lease has used the resource. Stop the work. */
public final class StaleTokenException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    private final long highest;

    /**
     * An error that the server reported.
     *
     * @param message a message for people
     * @param facts the other details
     * @param highest the highest fencing token that the fence has seen
     */
    public StaleTokenException(String message, ErrorFacts facts, long highest) {
        super(message, facts, null);
        this.highest = highest;
    }

    /** {@return the highest fencing token that the fence has seen} */
    public long highest() {
        return highest;
    }
}
