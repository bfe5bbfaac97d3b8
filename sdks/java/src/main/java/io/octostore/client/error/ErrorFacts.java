package io.octostore.client.error;

import java.io.Serializable;
import java.time.Duration;

/**
 * What is known about an error besides its message. Each value is null if unknown.
 *
 * @param code the server's stable code, such as {@code lock_not_found}
 * @param status the HTTP status, if there was a response
 * @param requestId identifies the request in the server's log
 * @param retryAfter how long the server asks you to wait before you try again, if it does
 */
public record ErrorFacts(String code, Integer status, String requestId, Duration retryAfter) implements Serializable {
    /** Nothing is known. */
    public static final ErrorFacts NONE = new ErrorFacts(null, null, null, null);

    static ErrorFacts of(OctoStoreException error) {
        Integer status = error.status().isPresent() ? error.status().getAsInt() : null;
        return new ErrorFacts(
                error.code().orElse(null),
                status,
                error.requestId().orElse(null),
                error.retryAfter().orElse(null));
    }

    /**
     * The facts of a response of which only the status is known.
     *
     * @param status the HTTP status
     * @return these facts
     */
    public static ErrorFacts ofStatus(int status) {
        return new ErrorFacts(null, status, null, null);
    }
}
