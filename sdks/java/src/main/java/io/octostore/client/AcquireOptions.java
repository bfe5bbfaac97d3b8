package io.octostore.client;

import io.octostore.client.internal.Rules;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Options for acquiring a lock. */
public final class AcquireOptions {
    private static final AcquireOptions DEFAULTS = builder().build();

    private final Duration ttl;
    private final Duration waitAtMost;
    private final Optional<Duration> waitSlice;
    private final Optional<String> metadata;
    private final Optional<String> sessionId;
    private final Optional<String> leaseId;

    private AcquireOptions(Builder builder) {
        this.ttl = builder.ttl;
        this.waitAtMost = builder.waitAtMost;
        this.waitSlice = Optional.ofNullable(builder.waitSlice);
        this.metadata = Optional.ofNullable(builder.metadata);
        this.sessionId = Optional.ofNullable(builder.sessionId);
        this.leaseId = Optional.ofNullable(builder.leaseId);
    }

    /** {@return a builder that starts with the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a TTL of 60 seconds, no wait, no metadata, no session, and a new lease id for each acquire} */
    public static AcquireOptions defaults() {
        return DEFAULTS;
    }

    Duration ttl() {
        return ttl;
    }

    Duration waitAtMost() {
        return waitAtMost;
    }

    Optional<Duration> waitSlice() {
        return waitSlice;
    }

    Optional<String> metadata() {
        return metadata;
    }

    Optional<String> sessionId() {
        return sessionId;
    }

    Optional<String> leaseId() {
        return leaseId;
    }

    /** Collects options. */
    public static final class Builder {
        private Duration ttl = Duration.ofSeconds(Rules.TTL_SECONDS_DEFAULT);
        private Duration waitAtMost = Duration.ZERO;
        private Duration waitSlice;
        private String metadata;
        private String sessionId;
        private String leaseId;

        private Builder() {}

        /**
         * How long the lease lasts.
         *
         * @param duration whole seconds, 1 to 3600; 60 by default
         * @return this builder
         */
        public Builder ttl(Duration duration) {
            ttl = Objects.requireNonNull(duration);
            return this;
        }

        /**
         * How long to wait in line if someone else holds the lock.
         *
         * @param duration zero by default, no upper limit
         * @return this builder
         */
        public Builder waitAtMost(Duration duration) {
            waitAtMost = Objects.requireNonNull(duration);
            return this;
        }

        /**
         * How long one request waits in line at most. The wait then goes on with another request.
         *
         * @param duration whole seconds, 1 to 60; the client's by default
         * @return this builder
         */
        public Builder waitSlice(Duration duration) {
            waitSlice = Objects.requireNonNull(duration);
            return this;
        }

        /**
         * A note, shown to everyone who looks at the lock.
         *
         * @param note at most 1024 bytes
         * @return this builder
         */
        public Builder metadata(String note) {
            metadata = note;
            return this;
        }

        /**
         * Ties the lease to a session.
         *
         * @param id the id of a session of the same user
         * @return this builder
         */
        public Builder sessionId(String id) {
            sessionId = id;
            return this;
        }

        /**
         * The id of the lease. Asking again with the same one returns the same lease.
         *
         * @param id a UUID; a new one for each acquire by default
         * @return this builder
         */
        public Builder leaseId(String id) {
            leaseId = id;
            return this;
        }

        /** {@return the options} */
        public AcquireOptions build() {
            return new AcquireOptions(this);
        }
    }
}
