package io.octostore.client;

import io.octostore.client.internal.Rules;
import java.time.Duration;

/** How to take part in an election. */
public final class ElectOptions {
    private static final ElectOptions DEFAULTS = builder().build();

    private final HoldOptions hold;
    private final boolean once;

    private ElectOptions(Builder builder) {
        this.hold = builder.hold.build();
        this.once = builder.once;
    }

    /** {@return options that begin with the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a TTL of 60 seconds, no metadata, no session, and to lead again and again} */
    public static ElectOptions defaults() {
        return DEFAULTS;
    }

    /** How to hold the lock: each campaign waits for it as long as the server waits in one request. */
    HoldOptions hold() {
        return hold;
    }

    boolean once() {
        return once;
    }

    /** Collects options. */
    public static final class Builder {
        private final HoldOptions.Builder hold =
                HoldOptions.builder().waitAtMost(Duration.ofSeconds(Rules.WAIT_SECONDS_PER_REQUEST_MAX));
        private boolean once;

        private Builder() {}

        /**
         * How long the leader's lease lasts without a renewal: after at most that time another one leads if this
         * process dies.
         *
         * @param duration whole seconds from 1 to 3600; 60 by default
         * @return this builder
         */
        public Builder ttl(Duration duration) {
            hold.ttl(duration);
            return this;
        }

        /**
         * A note that everybody who looks at the lock sees.
         *
         * @param note at most 1024 bytes
         * @return this builder
         */
        public Builder metadata(String note) {
            hold.metadata(note);
            return this;
        }

        /**
         * Ties the leader's lock to a session, with which it is lost at the latest. The election ends with the session
         * too.
         *
         * @param handle a session of the same user
         * @return this builder
         */
        public Builder session(SessionHandle handle) {
            hold.session(handle);
            return this;
        }

        /**
         * Leaves the election after having led once.
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
