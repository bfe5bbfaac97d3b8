package io.octostore.client.testing;

import io.octostore.client.internal.Fields;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The routes of the fake server. */
final class FakeRoutes {
    /**
     * A request.
     *
     * @param path its components, decoded
     */
    record Call(String user, String method, List<String> path, Map<String, String> query, Fields body) {
        static Call of(String user, String method, URI uri, String body) {
            List<String> path = Arrays.stream(uri.getRawPath().split("/"))
                    .filter(component -> !component.isEmpty())
                    .map(Call::decoded)
                    .toList();
            Map<String, String> query = Optional.ofNullable(uri.getRawQuery()).stream()
                    .flatMap(text -> Arrays.stream(text.split("&")))
                    .map(pair -> pair.split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> decoded(pair[1])));
            return new Call(user, method, path, query, Fields.parse(body.isEmpty() ? "{}" : body));
        }

        /** Such as {@code POST locks renew}, without the names and ids. */
        String route() {
            List<String> words = new ArrayList<>(List.of(method));
            for (int at = 0; at < path.size(); at++) if (at != 1) words.add(path.get(at));
            return String.join(" ", words) + (path.size() == 1 ? " *" : "");
        }

        /** The name or id in the path. */
        String subject() {
            return path.get(1);
        }

        boolean isWatch() {
            return path.equals(List.of("watch"))
                    || (path.size() == 3 && path.get(2).equals("watch"));
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
    }

    private final FakeState state;

    FakeRoutes(FakeState state) {
        this.state = state;
    }

    /** Runs within the state's monitor. */
    CompletableFuture<Reply> answer(Call call) {
        if (call.route().equals("POST locks acquire"))
            return acquire(call, List.of(Hold.wanted(call.subject(), call.body())));
        if (call.route().equals("POST leases *"))
            return acquire(call, call.body().objects("locks", lock -> Hold.wanted(lock.text("name"), lock)));
        return CompletableFuture.completedFuture(reply(call));
    }

    private CompletableFuture<Reply> acquire(Call call, List<Hold> wanted) {
        Wish wish = Wish.of(call.user(), wanted, call.body());
        boolean hasSession = wish.sessionId().isEmpty()
                || state.sessions.has(call.user(), wish.sessionId().get());
        return hasSession ? state.locks.acquire(wish) : CompletableFuture.completedFuture(FakeSessions.notFound());
    }

    private Reply reply(Call call) {
        String user = call.user();
        Fields body = call.body();
        return switch (call.route()) {
            case "GET health *" -> new Reply(200, "OK");
            case "GET status *" -> counters();
            case "POST locks renew" -> renew(call, body.text("lease_id"));
            case "POST leases renew" -> renew(call, call.subject());
            case "POST locks release" -> state.locks.release(user, body.text("lease_id"));
            case "DELETE leases" -> state.locks.release(user, call.subject());
            case "GET leases" -> state.locks.lease(user, call.subject());
            case "POST locks convert" ->
                state.locks.convert(user, call.subject(), body.text("lease_id"), body.text("mode"));
            case "POST locks break" -> breakLock(call);
            case "POST locks request-release" ->
                state.locks.requestRelease(user, call.subject(), body.optionalText("message"));
            case "GET locks" -> Reply.of(state.locks.views().status(user, call.subject()));
            case "GET locks *" -> Reply.of(Map.of("locks", list(call)));
            case "GET queues" -> state.locks.views().queue(user, call.subject());
            case "POST fences advance" -> state.fences.compare(call.subject(), body.number("fencing_token"), true);
            case "POST fences check" -> state.fences.compare(call.subject(), body.number("fencing_token"), false);
            case "GET fences" -> state.fences.get(call.subject());
            case "POST sessions *" -> state.sessions.create(user, Wish.seconds(body, "ttl_seconds"));
            case "POST sessions keepalive" -> state.sessions.keepalive(user, call.subject());
            case "GET sessions" -> state.sessions.status(user, call.subject());
            case "DELETE sessions" -> state.sessions.end(user, call.subject());
            default ->
                call.method().equals("DELETE") && call.path().get(0).equals("queues")
                        ? state.locks.leaveQueue(
                                user, call.subject(), call.path().get(2))
                        : Reply.error(501, "not_implemented", "The fake server does not have " + call.route() + ".");
        };
    }

    /** What a stream begins with. */
    Map<String, Object> stateOf(Call call) {
        return call.path().size() > 1
                ? state.locks.views().status(call.user(), call.subject())
                : Map.of("locks", list(call), "complete", true);
    }

    /** Whether a stream is about a lock. */
    static Predicate<String> watched(Call call) {
        if (call.path().size() > 1) return call.subject()::equals;
        String prefix = call.query().getOrDefault("prefix", "");
        return name -> name.startsWith(prefix);
    }

    private List<Map<String, Object>> list(Call call) {
        boolean ownOnly = call.query().containsKey("owner");
        return state.locks.views().list(call.user(), call.query().getOrDefault("prefix", ""), ownOnly);
    }

    private Reply renew(Call call, String leaseId) {
        Fields body = call.body();
        return state.locks.renew(call.user(), leaseId, Wish.seconds(body, "ttl_seconds"), body.has("proof"));
    }

    private Reply breakLock(Call call) {
        if (!call.user().equals(FakeOctoStore.OPERATOR))
            return Reply.error(403, "forbidden", "You are not allowed to break locks.");
        Fields body = call.body();
        return state.locks.breakLock(
                call.user(), call.subject(), body.optionalNumber("fencing_token"), body.text("reason"));
    }

    private Reply counters() {
        return Reply.of(Map.of(
                "service",
                "octostore",
                "version",
                "fake",
                "status",
                "ready",
                "uptime_seconds",
                0,
                "locks_held",
                state.locks.views().count(),
                "sessions",
                state.sessions.count(),
                "waiters",
                state.locks.views().waiters()));
    }
}
