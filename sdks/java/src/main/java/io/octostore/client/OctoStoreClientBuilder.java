package io.octostore.client;

import io.octostore.client.error.ValidationException;
import io.octostore.client.internal.Bearer;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Rules;
import io.octostore.client.internal.Transport;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Collects what a client needs. What is not given comes from the environment. */
public final class OctoStoreClientBuilder {
    private String baseUrl;
    private String token;
    private Duration timeout = Duration.ofMillis(Rules.TIMEOUT_MS_DEFAULT);

    OctoStoreClientBuilder() {}

    /**
     * Where the server is.
     *
     * @param url an http or https URL; {@code OCTOSTORE_BASE_URL} by default, and without that
     *     {@code http://localhost:3000}
     * @return this builder
     */
    public OctoStoreClientBuilder baseUrl(String url) {
        baseUrl = url;
        return this;
    }

    /**
     * Who asks. Without a token only what is public can be asked for.
     *
     * @param bearer the token; {@code OCTOSTORE_TOKEN} by default
     * @return this builder
     */
    public OctoStoreClientBuilder token(String bearer) {
        token = bearer;
        return this;
    }

    /**
     * How long one HTTP attempt may take, to the end of its answer. Time that the server is asked to wait for a lock
     * comes on top.
     *
     * @param duration 10 seconds by default
     * @return this builder
     */
    public OctoStoreClientBuilder timeout(Duration duration) {
        timeout = Objects.requireNonNull(duration);
        return this;
    }

    /**
     * Makes the client, which sends nothing yet.
     *
     * @return the client
     * @throws ValidationException for a base URL, a token or a time-out that cannot be one
     */
    public OctoStoreClient build() {
        Checks.timeout(timeout);
        String url = given(baseUrl, "OCTOSTORE_BASE_URL").orElse(Rules.DEFAULT_BASE_URL);
        Optional<String> bearer = given(token, "OCTOSTORE_TOKEN").map(Checks::token);
        return new OctoStoreClient(new Caller(new Transport(Checks.baseUrl(url), timeout), new Bearer(bearer)));
    }

    private static Optional<String> given(String argument, String variable) {
        return Optional.ofNullable(argument)
                .or(() -> Optional.ofNullable(System.getenv(variable)).filter(value -> !value.isEmpty()));
    }
}
