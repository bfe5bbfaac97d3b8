package io.octostore.client.error;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Everything that the client throws. Its message never shows a token. */
public abstract sealed class OctoStoreException extends RuntimeException
        permits AuthenticationException,
                CallInterruptedException,
                CallTimeoutException,
                LimitException,
                LockHeldException,
                NetworkException,
                NotFoundException,
                PermissionException,
                ServerException,
                UnavailableException,
                ValidationException,
                WebhookSignatureException {
    private static final long serialVersionUID = 1L;

    private final ErrorFacts facts;

    OctoStoreException(String message, ErrorFacts facts, Throwable cause) {
        super(message, cause);
        this.facts = facts;
    }

    /** {@return the server's stable code, such as {@code lock_not_found}} */
    public Optional<String> code() {
        return Optional.ofNullable(facts.code());
    }

    /** {@return the HTTP status, if there was an answer} */
    public OptionalInt status() {
        return facts.status() == null ? OptionalInt.empty() : OptionalInt.of(facts.status());
    }

    /** {@return what finds the request in the server's log} */
    public Optional<String> requestId() {
        return Optional.ofNullable(facts.requestId());
    }

    /** {@return how long to wait before it makes sense to try again, if the server said so} */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(facts.retryAfter());
    }
}
