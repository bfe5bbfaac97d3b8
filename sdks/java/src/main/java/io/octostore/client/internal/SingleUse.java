package io.octostore.client.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A request body that can be sent only once. If the connection closes before any response, the JDK sends a GET again on
 * its own, but only {@link Caller} may decide whether to retry. The JDK asks for the length each time it sends.
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
