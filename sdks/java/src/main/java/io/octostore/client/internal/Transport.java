package io.octostore.client.internal;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Publisher;

/** Sends single requests to one server as one user. Its futures give up the request when they are cancelled. */
public final class Transport {
    // Redirects are not followed: the token is for this server and for none that it might name.
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(Background.workers())
            .build();

    private final String baseUrl;
    private final Duration timeout;
    private volatile Optional<String> token;

    public Transport(String baseUrl, Optional<String> token, Duration timeout) {
        this.baseUrl = baseUrl;
        this.token = token;
        this.timeout = timeout;
    }

    public String baseUrl() {
        return baseUrl;
    }

    /** The time-out of requests that have none of their own. */
    public Duration timeout() {
        return timeout;
    }

    public void useToken(String other) {
        token = Optional.of(other);
    }

    /** One attempt. {@link Failures} knows what it fails with. */
    public CompletableFuture<Answer> exchange(Request request) {
        Moment sentAt = Moment.now();
        CompletableFuture<HttpResponse<String>> sent = send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        return Deadline.map(
                sent, response -> new Answer(response.statusCode(), response.headers(), response.body(), sentAt));
    }

    /** Opens a stream. The time-out counts up to the head of the answer. */
    public CompletableFuture<HttpResponse<Publisher<List<ByteBuffer>>>> open(Request request) {
        return send(request, BodyHandlers.ofPublisher());
    }

    private <B> CompletableFuture<HttpResponse<B>> send(Request request, BodyHandler<B> handler) {
        return Deadline.within(request.timeout().orElse(timeout), http.sendAsync(httpRequest(request), handler));
    }

    private HttpRequest httpRequest(Request request) {
        BodyPublisher body =
                request.body().map(Json::write).map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody);
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(baseUrl + request.path()))
                .method(request.method(), new SingleUse(body))
                .setHeader("accept", "application/json");
        if (request.body().isPresent()) builder.setHeader("content-type", "application/json");
        token.ifPresent(bearer -> builder.setHeader("authorization", "Bearer " + bearer));
        request.headers().forEach(builder::setHeader);
        return builder.build();
    }
}
