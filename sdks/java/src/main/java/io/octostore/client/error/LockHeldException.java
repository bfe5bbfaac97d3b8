package io.octostore.client.error;

import java.time.Instant;
import java.util.Optional;

/** Somebody else holds the lock, and still did when the wait was over. */
public final class LockHeldException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    private final String holder;
    private final String holderId;
    private final Instant expiresAt;
    private final String metadata;

    /**
     * Why a lock could not be had.
     *
     * @param message for people
     * @param facts what else is known
     * @param holder login of the holder
     * @param holderId id of the holder
     * @param expiresAt when the lock comes free if its holder does nothing
     * @param metadata the holder's note, or null
     */
    public LockHeldException(
            String message, ErrorFacts facts, String holder, String holderId, Instant expiresAt, String metadata) {
        super(message, facts, null);
        this.holder = holder;
        this.holderId = holderId;
        this.expiresAt = expiresAt;
        this.metadata = metadata;
    }

    /** {@return the login of the holder} */
    public String holder() {
        return holder;
    }

    /** {@return the id of the holder} */
    public String holderId() {
        return holderId;
    }

    /** {@return when the lock comes free if its holder does nothing, by the server's clock} */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** {@return the holder's note} */
    public Optional<String> metadata() {
        return Optional.ofNullable(metadata);
    }
}
