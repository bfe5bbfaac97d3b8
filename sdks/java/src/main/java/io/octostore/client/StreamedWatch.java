package io.octostore.client;

import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Delays;
import io.octostore.client.internal.EventStream;
import io.octostore.client.internal.Failures;
import io.octostore.client.internal.Frame;
import io.octostore.client.internal.Moment;
import io.octostore.client.internal.Repeat;
import io.octostore.client.internal.Request;
import io.octostore.client.internal.Route;
import io.octostore.client.internal.Waiting;
import io.octostore.client.model.WatchUpdate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A watch over event streams, one after another. */
final class StreamedWatch<S> implements Watch<S> {
    private final Caller caller;
    private final String path;
    private final UpdateReader<S> reader;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicBoolean isIterated = new AtomicBoolean();
    private volatile Optional<EventStream> stream = Optional.empty();

    StreamedWatch(Caller caller, String path, UpdateReader<S> reader) {
        this.caller = caller;
        this.path = path;
        this.reader = reader;
    }

    @Override
    public Iterator<WatchUpdate<S>> iterator() {
        if (isIterated.getAndSet(true)) throw new IllegalStateException("a watch can be iterated once");
        return new Updates();
    }

    @Override
    public void close() {
        closed.complete(null);
        stream.ifPresent(EventStream::close);
    }

    private boolean isClosed() {
        return closed.isDone();
    }

    private final class Updates implements Iterator<WatchUpdate<S>> {
        private Optional<WatchUpdate<S>> coming = Optional.empty();
        private Optional<String> lastEventId = Optional.empty();
        private final Route route = caller.route();
        private boolean hasBegun;
        /** Whether this connection has delivered an update. */
        private boolean isAlive;

        @Override
        public boolean hasNext() {
            while (coming.isEmpty() && !isClosed()) {
                try {
                    coming = advance();
                } catch (CallInterruptedException interrupted) {
                    throw interrupted;
                } catch (OctoStoreException error) {
                    recover(error);
                }
            }
            return coming.isPresent();
        }

        @Override
        public WatchUpdate<S> next() {
            if (!hasNext()) throw new NoSuchElementException("the watch was closed");
            WatchUpdate<S> update = coming.orElseThrow();
            coming = Optional.empty();
            return update;
        }

        /** The update in the next frame, if there is one. */
        private Optional<WatchUpdate<S>> advance() {
            Frame frame = connected().next();
            Optional<WatchUpdate<S>> update = reader.read(frame);
            lastEventId = frame.id().or(() -> lastEventId);
            if (update.isPresent()) {
                if (!isAlive) route.restart();
                isAlive = true;
                hasBegun = true;
            }
            return update;
        }

        private EventStream connected() {
            if (stream.isPresent()) return stream.get();
            EventStream opened = new EventStream(caller, route.url(), request());
            stream = Optional.of(opened);
            if (isClosed()) opened.close();
            try {
                opened.connect();
            } catch (CallInterruptedException givenUp) {
                disconnect();
                throw givenUp;
            }
            return opened;
        }

        private void disconnect() {
            stream.ifPresent(EventStream::close);
            stream = Optional.empty();
        }

        private Request request() {
            Map<String, String> headers = new HashMap<>(Map.of("accept", "text/event-stream"));
            lastEventId.ifPresent(id -> headers.put("last-event-id", id));
            return Request.get(path).withHeaders(headers);
        }

        /** Pauses before the next connection, or throws if reconnecting cannot help. */
        private void recover(OctoStoreException error) {
            disconnect();
            if (isClosed()) return;
            if (Failures.isFaultOfServer(error)) caller.servers().leave(route.url());
            boolean mayGoOn = hasBegun ? Failures.canMend(error) : Failures.mayRepeat(error, Repeat.SAFE);
            Optional<Duration> pause = mayGoOn ? route.next(error, Duration.ZERO) : Optional.empty();
            if (pause.isEmpty()) {
                close();
                throw error;
            }
            // All streams of a server break at the same time, so they must not all come back at the same time.
            Duration spread = isAlive ? Delays.after(1, Optional.empty()) : Duration.ZERO;
            isAlive = false;
            Waiting.pauseUnless(closed, caller.timeline(), Moment.max(pause.get(), spread));
        }
    }
}
