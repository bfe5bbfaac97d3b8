package io.octostore.client.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The body of a request that goes out once. The JDK sends a GET a second time, unasked, when the connection closes
 * before any answer; whether and when to repeat is for {@link Caller} to say. The JDK asks for the length each time it
 * sends.
 */
final class SingleUse implements BodyPublisher {
    private final BodyPublisher body;
    private final AtomicBoolean isUsed = new AtomicBoolean();

    SingleUse(BodyPublisher body) {
        this.body = body;
    }

    @Override
    public long contentLength() {
        if (isUsed.getAndSet(true)) {
            throw new UncheckedIOException(new IOException("the connection was closed before any answer"));
        }
        return body.contentLength();
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        body.subscribe(subscriber);
    }
}
