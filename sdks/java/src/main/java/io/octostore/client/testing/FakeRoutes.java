package io.octostore.client.testing;

import io.octostore.client.internal.Fields;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    private static final Set<String> LEFT_OUT =
            Set.of("webhooks", "admin", "auth", "metrics", "policy.schema.json", ".well-known", "me", "tokens");

    private final FakeState state;

    FakeRoutes(FakeState state) {
        this.state = state;
    }

    /** Runs within the state's monitor. */
    CompletableFuture<Reply> answer(Call call) {
        try {
            return answerOrRefuse(call);
        } catch (Refused refused) {
            return CompletableFuture.completedFuture(refused.reply());
        }
    }

    private CompletableFuture<Reply> answerOrRefuse(Call call) {
        return switch (call.route()) {
            case "POST locks acquire" ->
                acquire(call, Optional.of(call.subject()), List.of(Validation.hold(call.subject(), call.body())));
            case "POST leases *" -> acquire(call, Optional.empty(), Validation.holds(call.body()));
            default -> CompletableFuture.completedFuture(reply(call));
        };
    }

    private CompletableFuture<Reply> acquire(Call call, Optional<String> lock, List<Hold> wanted) {
        Optional<FakeSession> session =
                call.body().optionalText("session_id").map(id -> state.sessions.find(call.user(), id));
        return state.locks.acquire(Wish.of(call.user(), lock, wanted, call.body(), session));
    }

    private Reply reply(Call call) {
        String user = call.user();
        Fields body = call.body();
        Optional<String> subject = call.path().stream().skip(1).findFirst();
        return switch (call.route()) {
            case "GET health *" -> new Reply(200, "OK");
            case "GET status *" -> counters();
            case "POST locks renew" -> renew(call, body.text("lease_id"), subject);
            case "POST leases renew" -> renew(call, call.subject(), Optional.empty());
            case "POST locks release" -> state.locks.release(user, body.text("lease_id"), subject);
            case "DELETE leases" -> state.locks.release(user, call.subject(), Optional.empty());
            case "GET leases" -> state.locks.lease(user, call.subject());
            case "POST locks convert" ->
                state.locks.convert(user, call.subject(), body.text("lease_id"), body.text("mode"));
            case "POST locks break" -> breakLock(call);
            case "POST locks request-release" ->
                state.locks.requestRelease(user, call.subject(), body.optionalText("message"));
            case "GET locks" -> Reply.of(state.locks.views().status(user, call.subject()));
            case "GET locks *" -> list(call);
            case "GET queues" -> state.locks.views().queue(user, call.subject());
            case "POST fences advance" -> state.fences.compare(call.subject(), fencingToken(call), true);
            case "POST fences check" -> state.fences.compare(call.subject(), fencingToken(call), false);
            case "GET fences" -> state.fences.get(call.subject());
            case "POST sessions *" -> state.sessions.create(user, Validation.sessionTtl(body));
            case "POST sessions keepalive" -> state.sessions.keepalive(user, call.subject());
            case "GET sessions" -> state.sessions.status(user, call.subject());
            case "DELETE sessions" -> state.sessions.end(user, call.subject());
            default -> {
                if (call.method().equals("DELETE")
                        && call.path().size() == 3
                        && call.path().get(0).equals("queues"))
                    yield state.locks.leaveQueue(
                            user, call.subject(), call.path().get(2));
                yield nothingAt(call);
            }
        };
    }

    /** What the double leaves out is not the same as what the server does not have. */
    private static Reply nothingAt(Call call) {
        return LEFT_OUT.contains(call.path().get(0))
                ? Reply.error(501, "not_in_double", "The fake server does not have " + call.route() + ".")
                : Reply.error(404, "route_not_found", "There is nothing at this address.");
    }

    private long fencingToken(Call call) {
        return Validation.fencingToken(call.body(), state.locks.lastToken());
    }

    /** What a stream begins with. */
    Map<String, Object> stateOf(Call call) {
        return call.path().size() > 1
                ? state.locks.views().status(call.user(), call.subject())
                : Map.of("locks", entries(call), "complete", true);
    }

    /** Whether a stream is about a lock. */
    static Predicate<String> watched(Call call) {
        if (call.path().size() > 1) return call.subject()::equals;
        String prefix = call.query().getOrDefault("prefix", "");
        return name -> name.startsWith(prefix);
    }

    private Reply list(Call call) {
        List<Map<String, Object>> locks = entries(call);
        Map<String, Object> list = new HashMap<>(Map.of("locks", locks, "total", locks.size()));
        Optional.ofNullable(call.query().get("prefix")).ifPresent(prefix -> list.put("prefix", prefix));
        return Reply.of(list);
    }

    private List<Map<String, Object>> entries(Call call) {
        boolean ownOnly = call.query().containsKey("owner");
        return state.locks.views().list(call.user(), call.query().getOrDefault("prefix", ""), ownOnly);
    }

    private Reply renew(Call call, String leaseId, Optional<String> lock) {
        Fields body = call.body();
        return state.locks.renew(call.user(), leaseId, lock, Validation.leaseTtl(body), body.has("proof"));
    }

    private Reply breakLock(Call call) {
        if (!call.user().equals(FakeOctoStore.OPERATOR))
            return Reply.error(403, "admin_required", "Only administrators may break locks.");
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
