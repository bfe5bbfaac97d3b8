package io.octostore.client;

import io.octostore.client.internal.Rules;
import io.octostore.client.model.LockMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** Options for acquiring a lock. */
public final class AcquireOptions {
    private static final AcquireOptions DEFAULTS = builder().build();

    private final Duration ttl;
    private final Duration waitAtMost;
    private final Optional<Duration> waitSlice;
    private final Optional<String> metadata;
    private final Optional<String> sessionId;
    private final Optional<String> leaseId;
    private final LockMode mode;
    private final OptionalInt limit;
    private final OptionalInt permits;
    private final Duration lockDelay;
    private final Duration minHold;
    private final boolean proof;

    private AcquireOptions(Builder builder) {
        this.ttl = builder.ttl;
        this.waitAtMost = builder.waitAtMost;
        this.waitSlice = Optional.ofNullable(builder.waitSlice);
        this.metadata = Optional.ofNullable(builder.metadata);
        this.sessionId = Optional.ofNullable(builder.sessionId);
        this.leaseId = Optional.ofNullable(builder.leaseId);
        this.mode = builder.mode;
        this.limit = builder.limit;
        this.permits = builder.permits;
        this.lockDelay = builder.lockDelay;
        this.minHold = builder.minHold;
        this.proof = builder.proof;
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

    Optional<String> leaseId() {
        return leaseId;
    }

    Duration lockDelay() {
        return lockDelay;
    }

    Duration minHold() {
        return minHold;
    }

    boolean proof() {
        return proof;
    }

    /** How to hold the lock, if it is one. */
    WantedLock of(String name) {
        return new WantedLock(name, mode, limit, permits);
    }

    /** Whether these options say how to hold a lock, which has no meaning for several. */
    boolean hasDemand() {
        return mode != LockMode.EXCLUSIVE || limit.isPresent() || permits.isPresent();
    }

    /** What to send. Servers of version 1.0 know only some of it, so it is sent only if it is needed. */
    Map<String, Object> body() {
        Map<String, Object> body = new HashMap<>(Map.of("ttl_seconds", ttl.toSeconds()));
        metadata.ifPresent(note -> body.put("metadata", note));
        sessionId.ifPresent(id -> body.put("session_id", id));
        if (!lockDelay.isZero()) body.put("lock_delay_seconds", lockDelay.toSeconds());
        if (!minHold.isZero()) body.put("min_hold_seconds", minHold.toSeconds());
        if (proof) body.put("proof", true);
        return body;
    }

    /** Collects options. */
    public static final class Builder {
        private Duration ttl = Duration.ofSeconds(Rules.TTL_SECONDS_DEFAULT);
        private Duration waitAtMost = Duration.ZERO;
        private Duration waitSlice;
        private String metadata;
        private String sessionId;
        private String leaseId;
        private LockMode mode = LockMode.EXCLUSIVE;
        private OptionalInt limit = OptionalInt.empty();
        private OptionalInt permits = OptionalInt.empty();
        private Duration lockDelay = Duration.ZERO;
        private Duration minHold = Duration.ZERO;
        private boolean proof;

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

        /**
         * Shares the lock with everyone else who shares it.
         *
         * @return this builder
         */
        public Builder shared() {
            mode = LockMode.SHARED;
            return this;
        }

        /**
         * Makes the lock counted: its leases may have that many permits together. Everyone must give the same limit.
         *
         * @param limit 1 to 10,000
         * @return this builder
         */
        public Builder counted(int limit) {
            mode = LockMode.COUNTED;
            this.limit = OptionalInt.of(limit);
            return this;
        }

        /**
         * How many permits of a counted lock to have.
         *
         * @param number 1 to the limit; 1 by default
         * @return this builder
         */
        public Builder permits(int number) {
            permits = OptionalInt.of(number);
            return this;
        }

        /**
         * For how long no one gets the lock after its lease has expired, or its session, or someone has broken it. Use
         * it if the work that the lock protects may go on for a moment. You must hold the lock alone.
         *
         * @param duration whole seconds, 0 to 60; zero by default
         * @return this builder
         */
        public Builder lockDelay(Duration duration) {
            lockDelay = Objects.requireNonNull(duration);
            return this;
        }

        /**
         * For how long after the grant no one else gets the lock, even if you release it sooner. You must hold the lock
         * alone.
         *
         * @param duration whole seconds, zero to the TTL; zero by default
         * @return this builder
         */
        public Builder minHold(Duration duration) {
            minHold = Objects.requireNonNull(duration);
            return this;
        }

        /**
         * Asks for a proof of the lease. Anyone can verify it with the server's public keys, without asking the server.
         *
         * @return this builder
         */
        public Builder proof() {
            proof = true;
            return this;
        }

        /** {@return the options} */
        public AcquireOptions build() {
            return new AcquireOptions(this);
        }
    }
}
