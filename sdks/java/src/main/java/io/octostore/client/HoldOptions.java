package io.octostore.client;

import java.time.Duration;
import java.util.Optional;

/** Options for holding a lock. */
public final class HoldOptions {
    private static final HoldOptions DEFAULTS = builder().build();

    private final AcquireOptions acquire;
    private final Optional<SessionHandle> session;

    private HoldOptions(Builder builder) {
        this.session = Optional.ofNullable(builder.session);
        String sessionId = session.map(SessionHandle::sessionId).orElse(null);
        this.acquire = builder.acquire.sessionId(sessionId).build();
    }

    /** {@return a builder that starts with the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a TTL of 60 seconds, no wait, no metadata and no session} */
    public static HoldOptions defaults() {
        return DEFAULTS;
    }

    /** How to acquire the lock first. */
    AcquireOptions acquire() {
        return acquire;
    }

    Duration ttl() {
        return acquire.ttl();
    }

    Optional<SessionHandle> session() {
        return session;
    }

    /** Collects options. */
    public static final class Builder {
        private final AcquireOptions.Builder acquire = AcquireOptions.builder();
        private SessionHandle session;

        private Builder() {}

        /**
         * How long the lease lasts without a renewal. It is renewed every third of that.
         *
         * @param duration whole seconds, 1 to 3600; 60 by default
         * @return this builder
         */
        public Builder ttl(Duration duration) {
            acquire.ttl(duration);
            return this;
        }

        /**
         * How long to wait in line if someone else holds the lock.
         *
         * @param duration zero by default, no upper limit
         * @return this builder
         */
        public Builder waitAtMost(Duration duration) {
            acquire.waitAtMost(duration);
            return this;
        }

        /**
         * How long one request waits in line at most. The wait then goes on with another request.
         *
         * @param duration whole seconds, 1 to 60; the client's by default
         * @return this builder
         */
        public Builder waitSlice(Duration duration) {
            acquire.waitSlice(duration);
            return this;
        }

        /**
         * A note, shown to everyone who looks at the lock.
         *
         * @param note at most 1024 bytes
         * @return this builder
         */
        public Builder metadata(String note) {
            acquire.metadata(note);
            return this;
        }

        /**
         * Ties the lock to a session. When the session is lost or ends, so is the lock.
         *
         * @param handle a session of the same user
         * @return this builder
         */
        public Builder session(SessionHandle handle) {
            session = handle;
            return this;
        }

        /**
         * Shares the lock with everyone else who shares it.
         *
         * @return this builder
         */
        public Builder shared() {
            acquire.shared();
            return this;
        }

        /**
         * Makes the lock counted: its leases may have that many permits together. Everyone must give the same limit.
         *
         * @param limit 1 to 10,000
         * @return this builder
         */
        public Builder counted(int limit) {
            acquire.counted(limit);
            return this;
        }

        /**
         * How many permits of a counted lock to have.
         *
         * @param number 1 to the limit; 1 by default
         * @return this builder
         */
        public Builder permits(int number) {
            acquire.permits(number);
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
            acquire.lockDelay(duration);
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
            acquire.minHold(duration);
            return this;
        }

        /**
         * Asks for a proof of the lease. Anyone can verify it with the server's public keys, without asking the server.
         *
         * @return this builder
         */
        public Builder proof() {
            acquire.proof();
            return this;
        }

        /**
         * The id of the lease, such as to find your place in line with {@link OctoStoreClient#queue}.
         *
         * @param id a UUID; a new one for each hold by default
         * @return this builder
         */
        public Builder leaseId(String id) {
            acquire.leaseId(id);
            return this;
        }

        /** {@return the options} */
        public HoldOptions build() {
            return new HoldOptions(this);
        }
    }
}
