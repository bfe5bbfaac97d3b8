package io.octostore.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Replaces the token {@code old} by {@code new}, and answers that when it is let. The real server's token is not for
 * tests to rotate, since all of them share it.
 */
final class RotatingServer implements AutoCloseable {
    private static final String STATE = "event: state\ndata: {\"locks\":[],\"complete\":true}\n\n";

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private final AtomicInteger rotations = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();

    RotatingServer() throws IOException {
        server.createContext("/", this::answer);
        server.createContext("/auth/token/rotate", this::rotate);
        server.setExecutor(threads);
        server.start();
    }

    OctoStoreClient client() {
        return OctoStoreClient.builder()
                .baseUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .token("old")
                .timeout(Duration.ofMinutes(1))
                .build();
    }

    void awaitRotation() throws InterruptedException {
        TestServer.await(() -> rotations.get() > 0);
    }

    void awaitRefusal() throws InterruptedException {
        TestServer.await(() -> refusals.get() > 0);
    }

    void answerRotation() {
        mayAnswer.countDown();
    }

    @Override
    public void close() {
        mayAnswer.countDown();
        server.stop(0);
        threads.shutdown();
    }

    private void rotate(HttpExchange exchange) throws IOException {
        rotations.incrementAndGet();
        try {
            mayAnswer.await();
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
        say(exchange, 200, "application/json", "{\"token\":\"new\"}");
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean isNew = "Bearer new".equals(exchange.getRequestHeaders().getFirst("authorization"));
        if (isNew) say(exchange, 200, "text/event-stream", STATE);
        else say(exchange, 401, "application/json", "{\"error\":\"no\",\"code\":\"unauthorized\"}");
        if (!isNew) refusals.incrementAndGet();
    }

    private static void say(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
