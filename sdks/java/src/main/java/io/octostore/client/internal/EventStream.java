package io.octostore.client.internal;

import io.octostore.client.error.ErrorFacts;
import io.octostore.client.error.ServerException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Publisher;

/** One connection that brings Server-Sent Events. One thread reads it; any may close it. */
public final class EventStream implements AutoCloseable {
    private static final String TYPE = "text/event-stream";
    private static final Duration SILENCE_MAX = Duration.ofMillis(Rules.WATCH_SILENCE_MS_MAX);

    private final Transport transport;
    private final CompletableFuture<HttpResponse<Publisher<List<ByteBuffer>>>> response;
    private final LineQueue lines = new LineQueue();
    private final FrameReader frames = new FrameReader();

    /** Begins to connect; {@link #connect} waits for that. */
    public EventStream(Transport transport, Request request) {
        this.transport = transport;
        this.response = transport.open(request);
    }

    /** Throws the error that an answer stands for which is no stream of events. */
    public void connect() {
        HttpResponse<Publisher<List<ByteBuffer>>> opened = Waiting.await(response);
        int status = opened.statusCode();
        if (status != 200) throw Answers.errorOf(status, opened.headers(), textOf(opened.body()));
        // The whole of the body is lines from here on, also to let go of the connection.
        opened.body().subscribe(BodySubscribers.fromLineSubscriber(lines, queue -> null, StandardCharsets.UTF_8, null));
        boolean isStream = opened.headers()
                .firstValue("content-type")
                .filter(type -> type.startsWith(TYPE))
                .isPresent();
        if (!isStream)
            throw new ServerException("the answer of the server is no event stream", ErrorFacts.ofStatus(status));
    }

    /** Waits for the next frame. Throws when the stream has ended, is closed, or is silent for too long. */
    public Frame next() {
        for (; ; ) {
            Optional<Frame> frame = frames.read(lines.take(SILENCE_MAX));
            if (frame.isPresent()) return frame.get();
        }
    }

    @Override
    public void close() {
        response.cancel(true);
        lines.cancel();
    }

    private String textOf(Publisher<List<ByteBuffer>> body) {
        BodySubscriber<String> text = BodySubscribers.ofString(StandardCharsets.UTF_8);
        body.subscribe(text);
        return Waiting.await(Deadline.within(transport.timeout(), text.getBody().toCompletableFuture()));
    }
}
