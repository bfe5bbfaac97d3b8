package io.octostore.client;

import io.octostore.client.error.AuthenticationException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.internal.Bearer;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Rules;
import io.octostore.client.internal.Servers;
import io.octostore.client.internal.Transport;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects the options of a client. Options that you do not set come from the environment. */
public final class OctoStoreClientBuilder {
    private List<String> baseUrls = List.of();
    private boolean hasBaseUrls;
    private String token;
    private boolean hasNoToken;
    private Supplier<String> tokenSource;
    private Duration timeout = Duration.ofMillis(Rules.TIMEOUT_MS_DEFAULT);
    private Duration waitSlice = Duration.ofSeconds(Rules.WAIT_SLICE_SECONDS_DEFAULT);
    private boolean releaseOnExit;
    private HttpClient httpClient;
    private HandleObserver observer;

    OctoStoreClientBuilder() {}

    /**
     * The address of the server, or those of several servers of one service.
     *
     * @param url an http or https URL, or several, separated by commas; {@code OCTOSTORE_BASE_URL} by default, or
     *     {@code http://localhost:3000} if that is not set
     * @return this builder
     */
    public OctoStoreClientBuilder baseUrl(String url) {
        baseUrls = url == null ? List.of() : List.of(url);
        hasBaseUrls = url != null;
        return this;
    }

    /**
     * The addresses of several servers of one service. The client begins with the first, and changes over to the next
     * one when a server does not work. It sends its token to each of them.
     *
     * @param urls http or https URLs
     * @return this builder
     */
    public OctoStoreClientBuilder baseUrls(List<String> urls) {
        baseUrls = List.copyOf(urls);
        hasBaseUrls = true;
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
        hasNoToken = false;
        tokenSource = null;
        return this;
    }

    /**
     * A function that gives the token. It is called for the first request that needs one, and again each time the
     * server has refused the last token, on a thread of the client. It is called once for all requests that need it at
     * the same time. If it fails, the call throws an {@link AuthenticationException} with that cause.
     *
     * @param source gives the token, or null if there is none
     * @return this builder
     */
    public OctoStoreClientBuilder tokenSource(Supplier<String> source) {
        tokenSource = Objects.requireNonNull(source);
        return this;
    }

    /**
     * Makes a client without a token, whatever the environment says.
     *
     * @return this builder
     */
    public OctoStoreClientBuilder withoutToken() {
        hasNoToken = true;
        tokenSource = null;
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
     * How long one request waits in line at most, unless a call says otherwise. A wait goes on with another request.
     *
     * @param duration whole seconds, 1 to 60; 25 by default
     * @return this builder
     */
    public OctoStoreClientBuilder waitSlice(Duration duration) {
        waitSlice = Objects.requireNonNull(duration);
        return this;
    }

    /**
     * The HTTP client that sends the requests, such as one with a proxy or certificates of your own. The client still
     * adds its own timeouts, and requests HTTP/1.1.
     *
     * @param client must not follow redirects, because the token is for the given servers only
     * @return this builder
     */
    public OctoStoreClientBuilder httpClient(HttpClient client) {
        httpClient = Objects.requireNonNull(client);
        return this;
    }

    /**
     * Learns of everything that happens to the locks and sessions that the client holds.
     *
     * @param learns is told of each event
     * @return this builder
     */
    public OctoStoreClientBuilder observer(HandleObserver learns) {
        observer = Objects.requireNonNull(learns);
        return this;
    }

    /**
     * Closes the open lock and session handles of the client when the JVM shuts down, also on SIGINT and SIGTERM,
     * within one second in all. It does so in a shutdown hook, at the same time as the hooks of your program.
     *
     * @return this builder
     */
    public OctoStoreClientBuilder releaseOnExit() {
        releaseOnExit = true;
        return this;
    }

    /**
     * Creates the client, without sending anything yet.
     *
     * @return the client
     * @throws ValidationException if the base URL, the token, the timeout, the slice or the HTTP client is not valid
     */
    public OctoStoreClient build() {
        Checks.timeout(timeout);
        Caller.Settings settings =
                new Caller.Settings(Checks.waitSlice(waitSlice), releaseOnExit, Optional.ofNullable(observer));
        List<String> urls = hasBaseUrls
                ? baseUrls
                : List.of(given(null, "OCTOSTORE_BASE_URL").orElse(Rules.DEFAULT_BASE_URL));
        Servers servers = new Servers(Checks.baseUrls(urls));
        return new HttpOctoStoreClient(new Caller(servers, new Transport(transport(), timeout), bearer(), settings));
    }

    private HttpClient transport() {
        return httpClient == null ? Transport.newHttpClient() : Checks.httpClient(httpClient);
    }

    private Bearer bearer() {
        if (tokenSource != null) {
            return new Bearer(tokenSource, Checks::token);
        }
        return new Bearer(
                hasNoToken ? Optional.empty() : given(token, "OCTOSTORE_TOKEN").map(Checks::token));
    }

    private static Optional<String> given(String argument, String variable) {
        return Optional.ofNullable(argument)
                .or(() -> Optional.ofNullable(System.getenv(variable)).filter(value -> !value.isEmpty()));
    }
}
