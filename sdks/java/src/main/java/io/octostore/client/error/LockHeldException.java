package io.octostore.client.error;

import java.time.Instant;
import java.util.Optional;

/**
 * You cannot have the lock now, and could not when the wait was over. The code says why: {@code lock_held} if someone
 * else holds it, {@code lock_queued} if it is kept for those who asked for it earlier, {@code lock_delayed} if it is
 * kept from everyone for a while, {@code limit_mismatch} if it is in use with another limit.
 */
public final class LockHeldException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    private final String holder;
    private final String holderId;
    private final Instant expiresAt;
    private final String metadata;

    /**
     * Who holds the lock, and until when.
     *
     * @param message a message for people
     * @param facts the other details
     * @param holder login of the holder, or null
     * @param holderId id of the holder, or null
     * @param expiresAt when the lease expires unless the holder renews it
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

    /** {@return the login of the holder, or null if no one holds the lock} */
    public String holder() {
        return holder;
    }

    /** {@return the id of the holder, or null if no one holds the lock} */
    public String holderId() {
        return holderId;
    }

    /**
     * {@return when the lease expires unless the holder renews it, or until when the lock is kept, by the server's
     * clock}
     */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** {@return the holder's note} */
    public Optional<String> metadata() {
        return Optional.ofNullable(metadata);
    }
}
