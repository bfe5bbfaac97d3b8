package io.octostore.client.internal;

import io.octostore.client.error.NetworkException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;

/** Makes calls, by the rules for repeats. */
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

    /** One that calls with this token, which nobody replaces: that it is refused is final. */
    public Caller withToken(Optional<String> token) {
        return new Caller(transport, new Bearer(token));
    }

    /** What comes of a call, after as many attempts as it takes and as may be. Throws the error of the last one. */
    public <T> T call(Attempt<T> attempt, Repeat repeat) {
        return call(attempt, repeat, new Outcome()).value();
    }

    /**
     * The same, and when the attempt was sent that was answered. The outcome of the attempts that were not is noted.
     */
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

    /** One attempt without repeats but those of {@link Bearer#send}, in the background. */
    public <T> CompletableFuture<Result<T>> attempt(Attempt<T> attempt) {
        return Deadline.map(exchange(attempt), answer -> resultOf(answer, attempt));
    }

    /** Opens a stream. If that is a success, its lines go to {@code lines}. */
    CompletableFuture<Answer> open(Request request, Subscriber<String> lines) {
        return bearer.send(token -> transport.open(request, token, lines));
    }

    /** Whether a call may be repeated after so many failures, of which this is the last. */
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
