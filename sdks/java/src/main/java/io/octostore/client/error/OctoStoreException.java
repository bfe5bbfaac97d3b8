package io.octostore.client.error;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Base class of all errors of the client. The message never shows a token. */
public abstract sealed class OctoStoreException extends RuntimeException
        permits AuthenticationException,
                CallInterruptedException,
                CallTimeoutException,
                LimitException,
                LockHeldException,
                LockLostException,
                NetworkException,
                NotFoundException,
                PermissionException,
                ServerException,
                StaleTokenException,
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

    /** {@return the HTTP status, if there was a response} */
    public OptionalInt status() {
        return facts.status() == null ? OptionalInt.empty() : OptionalInt.of(facts.status());
    }

    /** {@return the id of the request in the server's log} */
    public Optional<String> requestId() {
        return Optional.ofNullable(facts.requestId());
    }

    /** {@return how long the server asks you to wait before you try again, if it does} */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(facts.retryAfter());
    }
}
