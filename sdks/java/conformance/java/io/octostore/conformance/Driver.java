package io.octostore.conformance;

import com.fasterxml.jackson.jr.ob.JSON;
import io.octostore.client.error.OctoStoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * The driver of the Java SDK: requests from standard input to the SDK, what comes of them to standard output. It
 * decides nothing.
 */
public final class Driver {
    private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    private Driver() {}

    public static void main(String[] args) throws IOException {
        Requests requests = new Requests(Driver::write);
        Executor threads = Executors.newCachedThreadPool();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Given given = new Given(JSON.std.mapFrom(line));
                threads.execute(() -> write(answer(requests, given)));
            }
        }
        System.exit(0);
    }

    private static Map<String, Object> answer(Requests requests, Given given) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", given.number("id"));
        try {
            answer.put("value", Wire.of(requests.perform(given)));
        } catch (OctoStoreException | ProgramException error) {
            answer.put("error", Wire.error(error));
        }
        return answer;
    }

    private static synchronized void write(Map<String, Object> message) {
        try {
            OUT.println(JSON.std.asString(message));
            OUT.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
