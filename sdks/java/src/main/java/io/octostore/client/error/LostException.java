package io.octostore.client.error;

/** A lock or session that you held is lost, or may have expired. */
public final class LostException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    /**
     * A loss that the client detected itself.
     *
     * @param message a message for people
     */
    public LostException(String message) {
        super(message, ErrorFacts.NONE, null);
    }

    /**
     * A loss that the server reported.
     *
     * @param message a message for people
     * @param cause the server's response
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
