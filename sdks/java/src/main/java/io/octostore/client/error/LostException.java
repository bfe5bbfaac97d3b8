package io.octostore.client.error;

/** A lock or a session that was held is lost, or can no longer be proved to live. */
public final class LostException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    /**
     * A loss that the client has seen for itself.
     *
     * @param message for people
     */
    public LostException(String message) {
        super(message, ErrorFacts.NONE, null);
    }

    /**
     * A loss that the server has told.
     *
     * @param message for people
     * @param cause what the server answered
     */
    public LostException(String message, NotFoundException cause) {
        super(message, new ErrorFacts(cause.code().orElse(null), statusOf(cause), idOf(cause), null), cause);
    }

    private static Integer statusOf(NotFoundException error) {
        return error.status().isPresent() ? error.status().getAsInt() : null;
    }

    private static String idOf(NotFoundException error) {
        return error.requestId().orElse(null);
    }
}
