package io.octostore.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** What the examples of the README speak of and do not show. Each of them becomes the body of {@link #play}. */
public abstract class ReadmeStage {
    /** A stand-in for the exchange of the JDK's HTTP server. */
    public record Exchange(Map<String, List<String>> getRequestHeaders) {}

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

    protected void answer(int status) {}
}
