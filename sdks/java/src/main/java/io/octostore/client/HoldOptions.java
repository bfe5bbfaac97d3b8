package io.octostore.client;

import java.time.Duration;
import java.util.Optional;

/** How to hold a lock. */
public final class HoldOptions {
    private static final HoldOptions DEFAULTS = builder().build();

    private final AcquireOptions acquire;
    private final Optional<SessionHandle> session;

    private HoldOptions(Builder builder) {
        this.session = Optional.ofNullable(builder.session);
        String sessionId = session.map(SessionHandle::sessionId).orElse(null);
        this.acquire = builder.acquire.sessionId(sessionId).build();
    }

    /** {@return options that begin with the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a TTL of 60 seconds, no wait, no metadata and no session} */
    public static HoldOptions defaults() {
        return DEFAULTS;
    }

    /** How to acquire the lock, with which the holding begins. */
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
         * How long the lease lasts without a renewal. The lock is renewed each third of it.
         *
         * @param duration whole seconds from 1 to 3600; 60 by default
         * @return this builder
         */
        public Builder ttl(Duration duration) {
            acquire.ttl(duration);
            return this;
        }

        /**
         * How long to wait in line if somebody else has the lock.
         *
         * @param duration as long as you like; zero by default
         * @return this builder
         */
        public Builder waitAtMost(Duration duration) {
            acquire.waitAtMost(duration);
            return this;
        }

        /**
         * A note that everybody who looks at the lock sees.
         *
         * @param note at most 1024 bytes
         * @return this builder
         */
        public Builder metadata(String note) {
            acquire.metadata(note);
            return this;
        }

        /**
         * Ties the lock to a session, with which it is lost at the latest.
         *
         * @param handle a session of the same user
         * @return this builder
         */
        public Builder session(SessionHandle handle) {
            session = handle;
            return this;
        }

        /** {@return the options} */
        public HoldOptions build() {
            return new HoldOptions(this);
        }
    }
}
