package io.octostore.client;

import io.octostore.client.error.ValidationException;
import io.octostore.client.internal.Bearer;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Rules;
import io.octostore.client.internal.Transport;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Collects the options of a client. Options that you do not set come from the environment. */
public final class OctoStoreClientBuilder {
    private String baseUrl;
    private String token;
    private Duration timeout = Duration.ofMillis(Rules.TIMEOUT_MS_DEFAULT);

    OctoStoreClientBuilder() {}

    /**
     * The address of the server.
     *
     * @param url an http or https URL; {@code OCTOSTORE_BASE_URL} by default, or {@code http://localhost:3000} if that
     *     is not set
     * @return this builder
     */
    public OctoStoreClientBuilder baseUrl(String url) {
        baseUrl = url;
        return this;
    }

    /**
     * The user's token. Without a token, only public requests work.
     *
     * @param bearer the token; {@code OCTOSTORE_TOKEN} by default
     * @return this builder
     */
    public OctoStoreClientBuilder token(String bearer) {
        token = bearer;
        return this;
    }

    /**
     * Timeout of one HTTP attempt, up to the end of the response. An acquire that waits in line gets its wait on top.
     *
     * @param duration 10 seconds by default
     * @return this builder
     */
    public OctoStoreClientBuilder timeout(Duration duration) {
        timeout = Objects.requireNonNull(duration);
        return this;
    }

    /**
     * Creates the client, without sending anything yet.
     *
     * @return the client
     * @throws ValidationException if the base URL, the token or the timeout is not valid
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
