package io.octostore.client.internal;

import io.octostore.client.HandleObserver;
import io.octostore.client.error.AuthenticationException;
import io.octostore.client.error.ErrorFacts;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;

/** Makes calls and retries them where that is safe. */
public final class Caller {
    private final Servers servers;
    private final Transport transport;
    private final Bearer bearer;
    private final Settings settings;

    public Caller(Servers servers, Transport transport, Bearer bearer, Settings settings) {
        this.servers = servers;
        this.transport = transport;
        this.bearer = bearer;
        this.settings = settings;
    }

    /**
     * What a client does unless a call says otherwise.
     *
     * @param waitSlice how long one request waits in line at most
     * @param releaseOnExit whether to close what is open when the program exits
     * @param observer learns of what happens to handles
     */
    public record Settings(Duration waitSlice, boolean releaseOnExit, Optional<HandleObserver> observer) {}

    public Settings settings() {
        return settings;
    }

    public Servers servers() {
        return servers;
    }

    public Transport transport() {
        return transport;
    }

    public Timeline timeline() {
        return transport.timeline();
    }

    public Bearer bearer() {
        return bearer;
    }

    /** A caller with this fixed token. A 401 is final. */
    public Caller withToken(Optional<String> token) {
        return new Caller(servers, transport, new Bearer(token), settings);
    }

    /** The result of a call, after as many attempts as it needs and as are safe. Throws the error of the last one. */
    public <T> T call(Attempt<T> attempt, Repeat repeat) {
        return call(attempt, repeat, Limits.none(timeline()));
    }

    /** The same within limits. */
    public <T> T call(Attempt<T> attempt, Repeat repeat, Limits limits) {
        return call(attempt, Route.limited(servers, timeline(), Optional.empty()), repeat, limits, new Outcome())
                .value();
    }

    /** The same, and when the successful attempt was sent. */
    public <T> Result<T> timedCall(Attempt<T> attempt, Repeat repeat) {
        return call(
                attempt,
                Route.limited(servers, timeline(), Optional.empty()),
                repeat,
                Limits.none(timeline()),
                new Outcome());
    }

    /**
     * The same for a call that is safe to repeat, and that goes on until then, however many attempts fail. Records the
     * outcome of the failed attempts.
     */
    public <T> Result<T> patientCall(Attempt<T> attempt, Optional<Moment> patientUntil, Outcome outcome) {
        return call(
                attempt,
                Route.limited(servers, timeline(), patientUntil),
                Repeat.SAFE,
                Limits.none(timeline()),
                outcome);
    }

    /** The route of a watch, until it has begun. */
    public Route route() {
        return Route.limited(servers, timeline(), Optional.empty());
    }

    private <T> Result<T> call(Attempt<T> attempt, Route route, Repeat repeat, Limits limits, Outcome outcome) {
        Moment startedAt = timeline().now();
        for (int attempts = 1; ; attempts++) {
            Waiting.check();
            Moment sentAt = timeline().now();
            boolean wasUnknown = outcome.isUnknown();
            String server = route.url();
            try {
                Duration atMost = limits.until().remaining();
                Result<T> result = resultOf(Waiting.await(exchange(attempt, server, atMost)), attempt);
                servers.keep(server);
                return result;
            } catch (OctoStoreException error) {
                if (Failures.isFaultOfServer(error)) servers.leave(server);
                if (wasUnknown && repeat == Repeat.UNTIL_GONE && error instanceof NotFoundException) {
                    return new Result<>(null, startedAt);
                }
                outcome.note(Failures.leavesUnknown(error));
                boolean mayGoOn = attempts < limits.attemptsMax() && Failures.mayRepeat(error, repeat);
                if (!mayGoOn) throw error;
                Duration pause = route.next(error, sentAt.until(timeline().now()))
                        .filter(length -> length.compareTo(limits.until().remaining()) < 0)
                        .orElseThrow(() -> error);
                Waiting.pause(timeline(), pause);
            }
        }
    }

    /** One attempt, in the background. It is sent again only if the token was replaced, see {@link Bearer#send}. */
    public <T> CompletableFuture<Result<T>> attempt(Attempt<T> attempt, String server) {
        return Deadline.map(exchange(attempt, server, Moment.LONGEST), answer -> resultOf(answer, attempt));
    }

    /** Opens a stream. If that succeeds, its lines go to {@code lines}. */
    CompletableFuture<Answer> open(String server, Request request, Subscriber<String> lines) {
        return bearer.send(
                request.needsToken(),
                transport.timeout(),
                token -> transport.open(server, request, checked(token, request), lines));
    }

    private CompletableFuture<Answer> exchange(Attempt<?> attempt, String server, Duration atMost) {
        Request first = attempt.request().get();
        return bearer.send(first.needsToken(), timeout(first, atMost), token -> {
            Request request = attempt.request().get();
            return transport.exchange(server, request.withTimeout(timeout(request, atMost)), checked(token, request));
        });
    }

    private Duration timeout(Request request, Duration atMost) {
        return Moment.min(request.timeout().orElse(transport.timeout()), atMost);
    }

    private static Optional<String> checked(Optional<String> token, Request request) {
        if (token.isPresent() || !request.needsToken()) return token;
        throw new AuthenticationException(
                "This call needs a token, and the client has none. Pass one to the client, or set OCTOSTORE_TOKEN.",
                ErrorFacts.NONE);
    }

    private static <T> Result<T> resultOf(Answer answer, Attempt<T> attempt) {
        return new Result<>(Answers.resultOf(answer, attempt.read()), answer.sentAt());
    }
}
