package io.octostore.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** Misbehaves in ways that the real server has not: answers a few bytes to each request, and then hangs or closes. */
final class RawServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final String answer;
    private final boolean hangs;

    private RawServer(String answer, boolean hangs) throws IOException {
        this.answer = answer;
        this.hangs = hangs;
        Thread thread = new Thread(this::serve, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    static RawServer thatHangsAfter(String answer) throws IOException {
        return new RawServer(answer, true);
    }

    static RawServer thatClosesAfter(String answer) throws IOException {
        return new RawServer(answer, false);
    }

    /** The first lines of the requests so far. */
    List<String> requests() {
        return new ArrayList<>(requests);
    }

    /** All lines of the heads of the requests so far, in lower case. */
    List<String> heads() {
        return new ArrayList<>(heads);
    }

    OctoStoreClient client(Duration timeout) {
        return OctoStoreClient.builder()
                .baseUrl("http://127.0.0.1:" + listener.getLocalPort())
                .timeout(timeout)
                .build();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : connections) connection.close();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try {
                answer(listener.accept());
            } catch (IOException closed) {
                if (!listener.isClosed()) throw new UncheckedIOException(closed);
            }
        }
    }

    private void answer(Socket connection) throws IOException {
        connections.add(connection);
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
        String first = lines.readLine();
        if (first != null) requests.add(first);
        for (String line = first; line != null && !line.isEmpty(); line = lines.readLine()) {
            heads.add(line.toLowerCase(Locale.ROOT));
        }
        connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        connection.getOutputStream().flush();
        if (!hangs) connection.close();
    }
}
