package io.octostore.client;

import io.octostore.client.internal.Moment;
import java.time.Duration;

/** Options for taking part in an election. */
public final class ElectOptions {
    private static final ElectOptions DEFAULTS = builder().build();

    private final HoldOptions hold;
    private final boolean once;

    private ElectOptions(Builder builder) {
        this.hold = builder.hold.build();
        this.once = builder.once;
    }

    /** {@return a builder that starts with the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a TTL of 60 seconds, no metadata, no session, and leading again and again} */
    public static ElectOptions defaults() {
        return DEFAULTS;
    }

    /** How to hold the lock. Each campaign waits for it for as long as it takes. */
    HoldOptions hold() {
        return hold;
    }

    boolean once() {
        return once;
    }

    /** Collects options. */
    public static final class Builder {
        private final HoldOptions.Builder hold = HoldOptions.builder().waitAtMost(Moment.LONGEST);
        private boolean once;

        private Builder() {}

        /**
         * How long the leader's lease lasts without a renewal. If this process dies, another one leads after at most
         * that time.
         *
         * @param duration whole seconds, 1 to 3600; 60 by default
         * @return this builder
         */
        public Builder ttl(Duration duration) {
            hold.ttl(duration);
            return this;
        }

        /**
         * How long one request waits in line at most. The wait then goes on with another request.
         *
         * @param duration whole seconds, 1 to 60; the client's by default
         * @return this builder
         */
        public Builder waitSlice(Duration duration) {
            hold.waitSlice(duration);
            return this;
        }

        /**
         * A note, shown to everyone who looks at the lock.
         *
         * @param note at most 1024 bytes
         * @return this builder
         */
        public Builder metadata(String note) {
            hold.metadata(note);
            return this;
        }

        /**
         * Ties the leader's lock to a session. When the session is lost or ends, so does the lock, and so does the
         * election.
         *
         * @param handle a session of the same user
         * @return this builder
         */
        public Builder session(SessionHandle handle) {
            hold.session(handle);
            return this;
        }

        /**
         * For how long no one leads after the lease of the leader has expired, or its session, or someone has broken
         * it. Use it if a leader may go on for a moment.
         *
         * @param duration whole seconds, 0 to 60; zero by default
         * @return this builder
         */
        public Builder lockDelay(Duration duration) {
            hold.lockDelay(duration);
            return this;
        }

        /**
         * Leaves the election after leading once.
         *
         * @return this builder
         */
        public Builder once() {
            once = true;
            return this;
        }

        /** {@return the options} */
        public ElectOptions build() {
            return new ElectOptions(this);
        }
    }
}
