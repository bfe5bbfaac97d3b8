package io.octostore.client.internal;

import io.octostore.client.error.NetworkException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;

/** Makes calls and retries them where that is safe. */
public final class Caller {
    private static final Duration RETRY_AFTER_MAX = Duration.ofMillis(Rules.RETRY_AFTER_MS_MAX);

    private final Transport transport;
    private final Bearer bearer;

    public Caller(Transport transport, Bearer bearer) {
        this.transport = transport;
        this.bearer = bearer;
    }

    public Transport transport() {
        return transport;
    }

    public Bearer bearer() {
        return bearer;
    }

    /** A caller with this fixed token. A 401 is final. */
    public Caller withToken(Optional<String> token) {
        return new Caller(transport, new Bearer(token));
    }

    /** The result of a call, after as many attempts as it needs and as are safe. Throws the error of the last one. */
    public <T> T call(Attempt<T> attempt, Repeat repeat) {
        return call(attempt, repeat, new Outcome()).value();
    }

    /** The same, and when the successful attempt was sent. Records the outcome of the failed attempts. */
    public <T> Result<T> call(Attempt<T> attempt, Repeat repeat, Outcome outcome) {
        Moment startedAt = Moment.now();
        for (int failures = 1; ; failures++) {
            Waiting.check();
            boolean wasUnknown = outcome.isUnknown();
            try {
                return resultOf(Waiting.await(exchange(attempt)), attempt);
            } catch (OctoStoreException error) {
                if (wasUnknown && repeat == Repeat.UNTIL_GONE && error instanceof NotFoundException) {
                    return new Result<>(null, startedAt);
                }
                outcome.note(Failures.leavesUnknown(error));
                if (!mayRepeat(error, failures, repeat)) throw error;
                Waiting.pause(Delays.after(failures, error.retryAfter()));
            }
        }
    }

    /** One attempt, in the background. It is sent again only if the token was replaced, see {@link Bearer#send}. */
    public <T> CompletableFuture<Result<T>> attempt(Attempt<T> attempt) {
        return Deadline.map(exchange(attempt), answer -> resultOf(answer, attempt));
    }

    /** Opens a stream. If that succeeds, its lines go to {@code lines}. */
    CompletableFuture<Answer> open(Request request, Subscriber<String> lines) {
        return bearer.send(token -> transport.open(request, token, lines));
    }

    /** Whether to retry a call after this number of failures, of which this is the last. */
    public static boolean mayRepeat(OctoStoreException error, int failures, Repeat repeat) {
        if (failures > Rules.REPEATS_MAX || !Failures.isTransient(error)) return false;
        if (error.retryAfter().orElse(Duration.ZERO).compareTo(RETRY_AFTER_MAX) > 0) return false;
        return repeat != Repeat.UNSENT || (error instanceof NetworkException network && !network.wasSent());
    }

    private CompletableFuture<Answer> exchange(Attempt<?> attempt) {
        return bearer.send(token -> transport.exchange(attempt.request().get(), token));
    }

    private static <T> Result<T> resultOf(Answer answer, Attempt<T> attempt) {
        return new Result<>(Answers.resultOf(answer, attempt.read()), answer.sentAt());
    }
}
