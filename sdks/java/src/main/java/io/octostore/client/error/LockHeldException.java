package io.octostore.client.error;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

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
    private final String lock;
    private final Integer limit;
    private final Integer position;
    private final Integer waiters;

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
        this(message, facts, holder, holderId, expiresAt, metadata, LineFacts.NONE);
    }

    /**
     * The same, with more about the lock and its line.
     *
     * @param message a message for people
     * @param facts the other details
     * @param holder login of the holder, or null
     * @param holderId id of the holder, or null
     * @param expiresAt when the lease expires unless the holder renews it
     * @param metadata the holder's note, or null
     * @param line more about the lock and its line
     */
    public LockHeldException(
            String message,
            ErrorFacts facts,
            String holder,
            String holderId,
            Instant expiresAt,
            String metadata,
            LineFacts line) {
        super(message, facts, null);
        this.lock = line.lock();
        this.limit = line.limit();
        this.position = line.position();
        this.waiters = line.waiters();
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

    /** {@return the name of the lock; if you asked for several, of the one that you cannot have} */
    public Optional<String> lock() {
        return Optional.ofNullable(lock);
    }

    /** {@return the limit that the lock is in use with, if that is why you cannot have it} */
    public OptionalInt limit() {
        return optional(limit);
    }

    /** {@return your place in line when your wait ended, from 1; only after a wait} */
    public OptionalInt position() {
        return optional(position);
    }

    /** {@return how many requests are still waiting for the lock; only after a wait} */
    public OptionalInt waiters() {
        return optional(waiters);
    }

    private static OptionalInt optional(Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /**
     * What is known about a lock that you cannot have, and its line. Each value is null if unknown.
     *
     * @param lock name of the lock
     * @param limit the limit that the lock is in use with
     * @param position your place in line when your wait ended
     * @param waiters how many requests are still waiting
     */
    public record LineFacts(String lock, Integer limit, Integer position, Integer waiters) {
        /** Nothing is known. */
        public static final LineFacts NONE = new LineFacts(null, null, null, null);
    }
}
