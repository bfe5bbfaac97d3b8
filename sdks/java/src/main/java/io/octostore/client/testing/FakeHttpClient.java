package io.octostore.client.testing;

import io.octostore.client.internal.Background;
import io.octostore.client.internal.TimedHttpClient;
import io.octostore.client.internal.Timeline;
import io.octostore.client.internal.Version;
import io.octostore.client.internal.Waiting;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.Flow.Subscription;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** Sends requests to the fake server instead of the network. */
final class FakeHttpClient extends TimedHttpClient {
    private static final String BEARER = "Bearer ";

    private final FakeState state;
    private final FakeRoutes routes;

    FakeHttpClient(FakeState state) {
        this.state = state;
        this.routes = new FakeRoutes(state);
    }

    @Override
    public Timeline timeline() {
        return state.timeline();
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        Optional<String> user =
                request.headers().firstValue("authorization").map(header -> header.substring(BEARER.length()));
        FakeRoutes.Call call = FakeRoutes.Call.of(user.orElse(""), request.method(), request.uri(), bodyOf(request));
        boolean isPublic = call.route().equals("GET health *") || call.route().equals("GET status *");
        if (user.isEmpty() && !isPublic)
            return respond(request, handler, Reply.error(401, "unauthorized", "The token is missing."));
        return call.isWatch() ? stream(request, handler, call) : exchange(request, handler, call);
    }

    private <T> CompletableFuture<HttpResponse<T>> exchange(
            HttpRequest request, BodyHandler<T> handler, FakeRoutes.Call call) {
        CompletableFuture<Reply> reply = state.perform(() -> routes.answer(call));
        CompletableFuture<HttpResponse<T>> response = reply.thenCompose(answer -> respond(request, handler, answer));
        response.whenComplete((done, error) -> {
            if (response.isCancelled()) disconnect(reply);
        });
        return response;
    }

    private void disconnect(CompletableFuture<Reply> reply) {
        state.perform(() -> {
            state.locks.disconnect(reply);
            return null;
        });
    }

    private <T> CompletableFuture<HttpResponse<T>> respond(HttpRequest request, BodyHandler<T> handler, Reply reply) {
        Head head = new Head(reply.status(), "application/json");
        BodySubscriber<T> body = handler.apply(head);
        body.onSubscribe(new Subscription() {
            @Override
            public void request(long number) {
                // The body is there anyway.
            }

            @Override
            public void cancel() {
                // There is no connection to close.
            }
        });
        body.onNext(List.of(ByteBuffer.wrap(reply.text().getBytes(StandardCharsets.UTF_8))));
        body.onComplete();
        return response(request, head, body);
    }

    private <T> CompletableFuture<HttpResponse<T>> stream(
            HttpRequest request, BodyHandler<T> handler, FakeRoutes.Call call) {
        Head head = new Head(200, "text/event-stream");
        BodySubscriber<T> body = handler.apply(head);
        state.perform(() -> {
            state.streams.open(FakeRoutes.watched(call), routes.stateOf(call), body);
            return null;
        });
        return response(request, head, body);
    }

    private static <T> CompletableFuture<HttpResponse<T>> response(
            HttpRequest request, Head head, BodySubscriber<T> body) {
        return body.getBody()
                .<HttpResponse<T>>thenApply(value -> new FakeResponse<>(request, head, value))
                .toCompletableFuture();
    }

    private static String bodyOf(HttpRequest request) {
        BodySubscriber<String> text = BodySubscribers.ofString(StandardCharsets.UTF_8);
        request.bodyPublisher().ifPresent(publisher -> {
            publisher.contentLength();
            publisher.subscribe(new OneByOne(text));
        });
        return request.bodyPublisher().isEmpty()
                ? ""
                : text.getBody().toCompletableFuture().join();
    }

    /** A body that is received one buffer after the other. */
    private record OneByOne(BodySubscriber<String> text) implements Flow.Subscriber<ByteBuffer> {
        @Override
        public void onSubscribe(Subscription subscription) {
            text.onSubscribe(subscription);
        }

        @Override
        public void onNext(ByteBuffer buffer) {
            text.onNext(List.of(buffer));
        }

        @Override
        public void onError(Throwable error) {
            text.onError(error);
        }

        @Override
        public void onComplete() {
            text.onComplete();
        }
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException {
        return Waiting.await(sendAsync(request, handler));
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> promises) {
        return sendAsync(request, handler);
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return Optional.empty();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return Optional.empty();
    }

    @Override
    public Redirect followRedirects() {
        return Redirect.NEVER;
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return Optional.empty();
    }

    @Override
    public SSLContext sslContext() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has one", impossible);
        }
    }

    @Override
    public SSLParameters sslParameters() {
        return new SSLParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return Optional.empty();
    }

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }

    @Override
    public Optional<Executor> executor() {
        return Optional.of(Background.workers());
    }
}
