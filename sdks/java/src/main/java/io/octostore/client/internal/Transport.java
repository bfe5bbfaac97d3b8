package io.octostore.client.internal;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;

/** Sends single requests. Cancelling its futures cancels the request. */
public final class Transport {
    static final int OK = 200;
    private static final String USER_AGENT = "octostore-java/" + Version.NUMBER;

    private final HttpClient http;
    private final Duration timeout;
    private final Timeline timeline;

    /** @param http follows no redirects */
    public Transport(HttpClient http, Duration timeout) {
        this.http = http;
        this.timeout = timeout;
        this.timeline = http instanceof TimedHttpClient timed ? timed.timeline() : Clock.OF_LEASES;
    }

    /** A client of the JDK. */
    public static HttpClient newHttpClient() {
        // Redirects are not followed: the token is for the client's servers only, not for one that they redirect to.
        return HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Background.workers())
                .build();
    }

    Timeline timeline() {
        return timeline;
    }

    /** The timeout of requests that set none. */
    public Duration timeout() {
        return timeout;
    }

    /** One attempt with a token. {@link Failures} interprets its failures. */
    CompletableFuture<Answer> exchange(String server, Request request, Optional<String> token) {
        return send(server, request, token, head -> text());
    }

    /**
     * The same for a stream. A successful one has lines but no text; the timeout then covers the time until its
     * headers.
     */
    CompletableFuture<Answer> open(String server, Request request, Optional<String> token, Subscriber<String> lines) {
        return send(server, request, token, head -> head.statusCode() == OK ? linesTo(lines) : text());
    }

    private CompletableFuture<Answer> send(
            String server, Request request, Optional<String> token, BodyHandler<String> handler) {
        Moment sentAt = timeline.now();
        CompletableFuture<HttpResponse<String>> sent = Deadline.within(
                timeline,
                request.timeout().orElse(timeout),
                http.sendAsync(httpRequest(server, request, token), handler),
                error -> new NoAnswer(server, error));
        return Deadline.map(
                sent, response -> new Answer(response.statusCode(), response.headers(), response.body(), sentAt));
    }

    private static BodySubscriber<String> text() {
        return BodySubscribers.ofString(StandardCharsets.UTF_8);
    }

    private static BodySubscriber<String> linesTo(Subscriber<String> lines) {
        return BodySubscribers.mapping(BodySubscribers.ofPublisher(), body -> {
            body.subscribe(BodySubscribers.fromLineSubscriber(lines, all -> null, StandardCharsets.UTF_8, null));
            return "";
        });
    }

    private HttpRequest httpRequest(String server, Request request, Optional<String> token) {
        BodyPublisher body =
                request.body().map(Json::write).map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody);
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(server + request.path()))
                .version(HttpClient.Version.HTTP_1_1)
                .method(request.method(), new SingleUse(body))
                .setHeader("accept", "application/json")
                .setHeader("user-agent", USER_AGENT);
        if (request.body().isPresent()) builder.setHeader("content-type", "application/json");
        token.ifPresent(bearer -> builder.setHeader("authorization", "Bearer " + bearer));
        request.headers().forEach(builder::setHeader);
        return builder.build();
    }
}
