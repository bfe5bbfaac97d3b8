package io.octostore.client.error;

import java.time.Instant;

/**
 * Someone with the right to do so has broken your lease. Your requests get this for an hour. If a handle loses its lock
 * this way, this is the cause of its {@link LostException}.
 */
public final class LeaseBrokenException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String brokenBy;
    private final Instant brokenAt;

    /**
     * An error that the server reported.
     *
     * @param message a message for people
     * @param facts the other details
     * @param reason why the lease was broken
     * @param brokenBy login of the user who broke it, or {@code administrator}
     * @param brokenAt when
     */
    public LeaseBrokenException(String message, ErrorFacts facts, String reason, String brokenBy, Instant brokenAt) {
        super(message, facts);
        this.reason = reason;
        this.brokenBy = brokenBy;
        this.brokenAt = brokenAt;
    }

    /** {@return why the lease was broken} */
    public String reason() {
        return reason;
    }

    /** {@return the login of the user who broke it, or {@code administrator} for the admin key} */
    public String brokenBy() {
        return brokenBy;
    }

    /** {@return when it was broken, by the server's clock} */
    public Instant brokenAt() {
        return brokenAt;
    }
}
