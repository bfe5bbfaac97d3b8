package io.octostore.client.internal;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The request of one attempt.
 *
 * @param path relative to the base URL, with the query
 * @param body sent as JSON
 * @param timeout of the whole exchange; by default the client's
 * @param needsToken whether a client without a token cannot send it
 */
public record Request(
        String method,
        String path,
        Optional<Map<String, Object>> body,
        Map<String, String> headers,
        Optional<Duration> timeout,
        boolean needsToken) {
    public static Request get(String path) {
        return new Request("GET", path, Optional.empty(), Map.of(), Optional.empty(), true);
    }

    public static Request post(String path) {
        return new Request("POST", path, Optional.empty(), Map.of(), Optional.empty(), true);
    }

    public static Request post(String path, Map<String, Object> body) {
        return new Request("POST", path, Optional.of(body), Map.of(), Optional.empty(), true);
    }

    public static Request delete(String path) {
        return new Request("DELETE", path, Optional.empty(), Map.of(), Optional.empty(), true);
    }

    public Request withHeaders(Map<String, String> others) {
        return new Request(method, path, body, others, timeout, needsToken);
    }

    public Request withTimeout(Duration other) {
        return new Request(method, path, body, headers, Optional.of(other), needsToken);
    }

    /** The same for anyone, even without a token. */
    public Request openToAll() {
        return new Request(method, path, body, headers, timeout, false);
    }

    /** Text encoded as one component of a path, or for a query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
