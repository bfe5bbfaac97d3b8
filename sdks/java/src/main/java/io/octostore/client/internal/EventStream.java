package io.octostore.client.internal;

import io.octostore.client.error.ErrorFacts;
import io.octostore.client.error.ServerException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One connection that delivers Server-Sent Events. One thread reads it; any thread may close it. */
public final class EventStream implements AutoCloseable {
    private static final String TYPE = "text/event-stream";
    private static final Duration SILENCE_MAX = Duration.ofMillis(Rules.WATCH_SILENCE_MS_MAX);

    private final LineQueue lines = new LineQueue();
    private final FrameReader frames = new FrameReader();
    private final CompletableFuture<Answer> answer;

    /** Starts to connect; {@link #connect} waits for that. */
    public EventStream(Caller caller, String server, Request request) {
        this.answer = caller.open(server, request, lines);
    }

    /** Throws the error for a response that is not an event stream. */
    public void connect() {
        Answer opened = Waiting.await(answer);
        int status = opened.status();
        if (status != Transport.OK) throw Answers.errorOf(status, opened.headers(), opened.text());
        boolean isStream = opened.headers()
                .firstValue("content-type")
                .filter(type -> type.startsWith(TYPE))
                .isPresent();
        if (!isStream)
            throw new ServerException("the answer of the server is no event stream", ErrorFacts.ofStatus(status));
    }

    /** Waits for the next frame. Throws if the stream has ended, is closed, or is silent for too long. */
    public Frame next() {
        for (; ; ) {
            Optional<Frame> frame = frames.read(lines.take(SILENCE_MAX));
            if (frame.isPresent()) return frame.get();
        }
    }

    @Override
    public void close() {
        answer.cancel(true);
        lines.cancel();
    }
}
