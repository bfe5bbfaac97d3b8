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

        /** {@return the options} */
        public HoldOptions build() {
            return new HoldOptions(this);
        }
    }
}
