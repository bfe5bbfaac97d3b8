package io.octostore.client;

import io.octostore.client.model.LockEventType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A webhook to create. */
public final class NewWebhook {
    private final String url;
    private final Optional<String> secret;
    private final Optional<List<String>> events;
    private final Optional<String> lockPattern;

    private NewWebhook(Builder builder) {
        this.url = builder.url;
        this.secret = Optional.ofNullable(builder.secret);
        this.events = Optional.ofNullable(builder.events);
        this.lockPattern = Optional.ofNullable(builder.lockPattern);
    }

    /**
     * A webhook for all events of all locks, unsigned, unless you set more.
     *
     * @param url the HTTPS URL that the server sends events to
     * @return a builder of the webhook
     */
    public static Builder builder(String url) {
        return new Builder(url);
    }

    Map<String, Object> body() {
        Map<String, Object> body = new HashMap<>();
        body.put("url", url);
        secret.ifPresent(text -> body.put("secret", text));
        events.ifPresent(names -> body.put("events", names));
        lockPattern.ifPresent(pattern -> body.put("lock_pattern", pattern));
        return body;
    }

    /** Collects the options of a webhook. */
    public static final class Builder {
        private final String url;
        private String secret;
        private List<String> events;
        private String lockPattern;

        private Builder(String url) {
            this.url = Objects.requireNonNull(url);
        }

        /**
         * The secret that signs each delivery. The server never shows it again.
         *
         * @param text 1 to 256 characters; after {@code whsec_}, the key in base64
         * @return this builder
         */
        public Builder secret(String text) {
            secret = text;
            return this;
        }

        /**
         * Which events to send. All by default.
         *
         * @param types at least one
         * @return this builder
         */
        public Builder events(LockEventType... types) {
            events = Arrays.stream(types).map(LockEventType::wireName).toList();
            return this;
        }

        /**
         * Which locks to send events for. All by default.
         *
         * @param glob such as {@code billing/*}
         * @return this builder
         */
        public Builder lockPattern(String glob) {
            lockPattern = glob;
            return this;
        }

        /** {@return the webhook} */
        public NewWebhook build() {
            return new NewWebhook(this);
        }
    }
}
