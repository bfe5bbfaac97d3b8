package io.octostore.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** What the examples of the README speak of and do not show. Each of them becomes the body of {@link #play}. */
public abstract class ReadmeStage {
    /** A stand-in for the exchange of the JDK's HTTP server. */
    public record Exchange(Map<String, List<String>> getRequestHeaders) {}

    /** A stand-in for that of OpenTelemetry. */
    public interface Tracer {
        SpanBuilder spanBuilder(String name);
    }

    /** The same. */
    public interface SpanBuilder {
        Span startSpan();
    }

    /** The same. */
    public static final class Span {
        private final List<String> events = new CopyOnWriteArrayList<>();
        private boolean isEnded;

        public Span setAttribute(String name, long value) {
            return this;
        }

        public Span addEvent(String name) {
            events.add(name);
            return this;
        }

        public Span recordException(Throwable error) {
            return this;
        }

        public void end() {
            isEnded = true;
        }
    }

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    protected final Tracer tracer = name -> () -> {
        spans.add(new Span());
        return spans.get(spans.size() - 1);
    };
    protected final Exchange exchange = new Exchange(Map.of());
    protected final byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    private final CountDownLatch leads = new CountDownLatch(1);
    private Runnable onServing = () -> {};

    public abstract void play() throws Exception;

    protected List<String> invoices() {
        return List.of("1", "2");
    }

    protected void send(String invoice, long fence) {}

    protected int sendAll(long fence) {
        return invoices().size();
    }

    protected void runNextJob(long fence) {
        leads.countDown();
    }

    final void onServing(Runnable action) {
        onServing = action;
    }

    protected void serveUntilShutdown() throws InterruptedException {
        onServing.run();
        leads.await();
    }

    protected void show(String proof) {}

    protected void answer(int status) {}

    /** Whether each span has seen its whole lock. */
    final boolean hasWholeSpans() {
        return spans.stream().allMatch(span -> span.isEnded && span.events.equals(List.of("acquired", "released")));
    }
}
