package io.octostore.client.testing;

import io.octostore.client.internal.Background;
import io.octostore.client.internal.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.SubmissionPublisher;
import java.util.function.Predicate;

/** The event streams of the fake server. */
final class FakeStreams {
    private record Stream(Predicate<String> locks, SubmissionPublisher<List<ByteBuffer>> publisher) {}

    private final FakeState state;
    private final List<Stream> streams = new CopyOnWriteArrayList<>();

    FakeStreams(FakeState state) {
        this.state = state;
    }

    static String frame(String event, long id, Map<String, Object> data) {
        return "event: " + event + "\nid: " + id + "\ndata: " + Json.write(data) + "\n\n";
    }

    /** Begins a stream with the current state, then everything that happens to these locks. */
    void open(Predicate<String> locks, Map<String, Object> now, Subscriber<? super List<ByteBuffer>> subscriber) {
        SubmissionPublisher<List<ByteBuffer>> publisher = new SubmissionPublisher<>(Background.workers(), 256);
        publisher.subscribe(subscriber);
        streams.add(new Stream(locks, publisher));
        publisher.submit(bytes(frame("state", state.sequence(), now)));
    }

    void send(String lock, String frame) {
        streams.removeIf(stream -> !stream.publisher().hasSubscribers());
        streams.stream().filter(stream -> stream.locks().test(lock)).forEach(stream -> stream.publisher()
                .offer(bytes(frame), null));
    }

    private static List<ByteBuffer> bytes(String text) {
        return List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
