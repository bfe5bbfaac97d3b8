package io.octostore.client.internal;

import io.octostore.client.error.NetworkException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The lines of a stream, for a thread that waits for them. It requests no more than that thread can soon take. */
final class LineQueue implements Subscriber<String> {
    private static final long WINDOW = 256;

    /** An entry in the queue: a line, or why there will be no more. */
    private record Item(Optional<String> line, Optional<Throwable> failure) {
        static final Item END = new Item(Optional.empty(), Optional.empty());
    }

    private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
    private volatile Subscription subscription;

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        given.request(WINDOW);
    }

    @Override
    public void onNext(String line) {
        items.add(new Item(Optional.of(line), Optional.empty()));
    }

    @Override
    public void onError(Throwable error) {
        items.add(new Item(Optional.empty(), Optional.of(error)));
    }

    @Override
    public void onComplete() {
        items.add(Item.END);
    }

    /** The next line. Throws if the stream has ended, or is silent for this long. */
    String take(Duration silenceMax) {
        Item item = next(silenceMax);
        if (item.line().isPresent()) {
            subscription.request(1);
            return item.line().get();
        }
        if (item.failure().isPresent()) throw Failures.of(item.failure().get());
        throw new NetworkException("the stream ended", true, null);
    }

    /** Closes the connection, and ends a pending wait for a line. */
    void cancel() {
        if (subscription != null) subscription.cancel();
        items.add(Item.END);
    }

    private Item next(Duration silenceMax) {
        try {
            Item item = items.poll(silenceMax.toNanos(), TimeUnit.NANOSECONDS);
            if (item != null) return item;
        } catch (InterruptedException interrupted) {
            throw Waiting.interruption();
        }
        throw Failures.of(new TimeoutException("the stream was silent for " + silenceMax.toMillis() + " ms"));
    }
}
