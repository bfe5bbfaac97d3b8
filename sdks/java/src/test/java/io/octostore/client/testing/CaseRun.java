package io.octostore.client.testing;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One run of a case: its variables, and the requests that it has started. */
final class CaseRun {
    /** @param body what its JSON says; null if it has none */
    record Answer(int status, Object body) {}

    private static final long SOON_SECONDS = 20;
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)\\}");
    private static final Map<String, BiPredicate<Long, Long>> COMPARISONS = Map.of(
            "$gt", (some, other) -> some > other,
            "$gte", (some, other) -> some >= other,
            "$lt", (some, other) -> some < other,
            "$lte", (some, other) -> some <= other);

    private final FakeOctoStore server;
    private final HttpClient http;
    private final Map<String, Object> variables = new HashMap<>(Map.of("ada", "ada", "bob", "bob"));
    private final Map<String, CompletableFuture<HttpResponse<String>>> started = new HashMap<>();

    CaseRun(FakeOctoStore server) {
        this.server = server;
        this.http = server.httpClient();
        save("lock", "case-" + UUID.randomUUID());
        for (int number = 1; number <= 4; number++)
            save("id" + number, UUID.randomUUID().toString());
    }

    void save(String name, Object value) {
        variables.put(name, value);
    }

    void pass(long seconds) {
        server.advance(Duration.ofSeconds(seconds));
    }

    void start(String name, Map<String, Object> step) throws IOException {
        started.put(name, http.sendAsync(request(step), BodyHandlers.ofString()));
    }

    Answer finish(String name) throws Exception {
        return read(started.get(name).get(SOON_SECONDS, TimeUnit.SECONDS));
    }

    Answer ask(Map<String, Object> step) throws Exception {
        return read(http.sendAsync(request(step), BodyHandlers.ofString()).get(SOON_SECONDS, TimeUnit.SECONDS));
    }

    Answer askUntil(Map<String, Object> step) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SOON_SECONDS);
        Answer answer = ask(step);
        while (difference(answer, step).isPresent() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            answer = ask(step);
        }
        return answer;
    }

    /** How an answer differs from what the step says. */
    Optional<String> difference(Answer answer, Map<String, Object> step) {
        return step.containsKey("answer")
                ? difference(step.get("answer"), answer.body(), "the answer")
                : Optional.empty();
    }

    private HttpRequest request(Map<String, Object> step) throws IOException {
        String[] verbAndPath = String.valueOf(filled(step.get("ask"))).split(" ", 2);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://fake.octostore.test" + verbAndPath[1]));
        if (step.get("as") instanceof String user) {
            String login = user.equals("admin") ? FakeOctoStore.OPERATOR : user;
            request.header("Authorization", "Bearer " + login);
        }
        Object body = filled(step.get("body"));
        return request.method(
                        verbAndPath[0],
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(JSON.std.asString(body)))
                .build();
    }

    private static Answer read(HttpResponse<String> response) throws IOException {
        boolean isJson = response.body().startsWith("{");
        return new Answer(response.statusCode(), isJson ? JSON.std.anyFrom(response.body()) : null);
    }

    private Object filled(Object value) {
        if (value instanceof String text) return filledText(text);
        if (value instanceof List<?> list)
            return list.stream().map(this::filled).toList();
        if (!(value instanceof Map<?, ?> members)) return value;
        Map<String, Object> filled = new HashMap<>();
        members.forEach((name, member) -> filled.put(String.valueOf(name), filled(member)));
        return filled;
    }

    private Object filledText(String text) {
        Matcher whole = VARIABLE.matcher(text);
        return whole.matches()
                ? variable(whole)
                : VARIABLE.matcher(text).replaceAll(one -> String.valueOf(variable(one)));
    }

    private Object variable(MatchResult found) {
        return Objects.requireNonNull(variables.get(found.group(1)), found.group(1));
    }

    private Optional<String> difference(Object expected, Object actual, String path) {
        if (expected instanceof Map<?, ?> members) return differenceOfMembers(members, actual, path);
        if (expected instanceof List<?> entries) return differenceOfEntries(entries, actual, path);
        boolean isSame = "$any".equals(expected) ? actual != null : isSame(filled(expected), actual);
        return isSame ? Optional.empty() : different(expected, actual, path);
    }

    private static boolean isSame(Object one, Object other) {
        return one instanceof Number && other instanceof Number
                ? numberOf(one) == numberOf(other)
                : Objects.equals(one, other);
    }

    private Optional<String> differenceOfMembers(Map<?, ?> expected, Object actual, String path) {
        if (expected.keySet().stream().anyMatch(COMPARISONS::containsKey)) {
            boolean isWithin = actual instanceof Number
                    && expected.entrySet().stream().allMatch(bound -> COMPARISONS
                            .get(bound.getKey())
                            .test(numberOf(actual), numberOf(filled(bound.getValue()))));
            return isWithin ? Optional.empty() : different(expected, actual, path);
        }
        if (!(actual instanceof Map<?, ?> members)) return different(expected, actual, path);
        return expected.entrySet().stream()
                .flatMap(one ->
                        difference(one.getValue(), members.get(one.getKey()), path + "." + one.getKey()).stream())
                .findFirst();
    }

    private Optional<String> differenceOfEntries(List<?> expected, Object actual, String path) {
        if (!(actual instanceof List<?> entries) || entries.size() != expected.size())
            return different(expected, actual, path);
        for (int at = 0; at < entries.size(); at++) {
            Optional<String> difference = difference(expected.get(at), entries.get(at), path + "[" + at + "]");
            if (difference.isPresent()) return difference;
        }
        return Optional.empty();
    }

    private static long numberOf(Object value) {
        return ((Number) value).longValue();
    }

    private static Optional<String> different(Object expected, Object actual, String path) {
        return Optional.of(path + " is " + actual + ", not " + expected);
    }
}
