package io.octostore.client.error;

import java.io.Serializable;
import java.time.Duration;

/**
 * What is known of an error beyond its message. Each fact is null where it is not known.
 *
 * @param code the server's stable code, such as {@code lock_not_found}
 * @param status the HTTP status, if there was an answer
 * @param requestId finds the request in the server's log
 * @param retryAfter how long to wait before it makes sense to try again, if the server said so
 */
public record ErrorFacts(String code, Integer status, String requestId, Duration retryAfter) implements Serializable {
    /** Nothing is known. */
    public static final ErrorFacts NONE = new ErrorFacts(null, null, null, null);

    /**
     * The facts of an answer of which only the status is known.
     *
     * @param status the HTTP status
     * @return these facts
     */
    public static ErrorFacts ofStatus(int status) {
        return new ErrorFacts(null, status, null, null);
    }
}
