package io.octostore.client;

import io.octostore.client.internal.Rules;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** How to hold a lock. */
public final class HoldOptions {
    private static final HoldOptions DEFAULTS = builder().build();

    private final Duration ttl;
    private final Duration waitAtMost;
    private final Optional<String> metadata;
    private final Optional<SessionHandle> session;

    private HoldOptions(Builder builder) {
        this.ttl = builder.ttl;
        this.waitAtMost = builder.waitAtMost;
        this.metadata = Optional.ofNullable(builder.metadata);
        this.session = Optional.ofNullable(builder.session);
    }

    /** {@return options that begin with the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a TTL of 60 seconds, no wait, no metadata and no session} */
    public static HoldOptions defaults() {
        return DEFAULTS;
    }

    Duration ttl() {
        return ttl;
    }

    Optional<SessionHandle> session() {
        return session;
    }

    /** The acquire with which the holding begins. */
    AcquireOptions toAcquire() {
        AcquireOptions.Builder options = AcquireOptions.builder().ttl(ttl).waitAtMost(waitAtMost);
        metadata.ifPresent(options::metadata);
        session.map(SessionHandle::sessionId).ifPresent(options::sessionId);
        return options.build();
    }

    /** Collects options. */
    public static final class Builder {
        private Duration ttl = Duration.ofSeconds(Rules.TTL_SECONDS_DEFAULT);
        private Duration waitAtMost = Duration.ZERO;
        private String metadata;
        private SessionHandle session;

        private Builder() {}

        /**
         * How long the lease lasts without a renewal. The lock is renewed each third of it.
         *
         * @param duration whole seconds from 1 to 3600; 60 by default
         * @return this builder
         */
        public Builder ttl(Duration duration) {
            ttl = Objects.requireNonNull(duration);
            return this;
        }

        /**
         * How long to wait in line if somebody else has the lock.
         *
         * @param duration as long as you like; zero by default
         * @return this builder
         */
        public Builder waitAtMost(Duration duration) {
            waitAtMost = Objects.requireNonNull(duration);
            return this;
        }

        /**
         * A note that everybody who looks at the lock sees.
         *
         * @param note at most 1024 bytes
         * @return this builder
         */
        public Builder metadata(String note) {
            metadata = note;
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
