package io.octostore.client.internal;

import io.octostore.client.error.AuthenticationException;
import io.octostore.client.error.CallTimeoutException;
import io.octostore.client.error.ValidationException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A client's token. It can be replaced while requests are under way. The old token stops working immediately, so some
 * of these requests may get a 401 although the client has a valid token by then.
 */
public final class Bearer {
    private static final int UNAUTHORIZED = 401;

    /** @param function gives the token; it may block */
    private record Source(Supplier<String> function, UnaryOperator<String> check) {
        Optional<String> ask() {
            return Optional.ofNullable(given()).map(check);
        }

        private String given() {
            try {
                return function.get();
            } catch (Throwable cause) {
                throw new AuthenticationException("The function that gives the token has failed.", cause);
            }
        }
    }

    private final Lock rotating = new ReentrantLock();
    private final Optional<Source> source;

    private volatile Optional<String> token;
    private volatile boolean isKnown;
    /** Completed when the latest rotation is over, however it ended. */
    private volatile CompletableFuture<Void> rotated = CompletableFuture.completedFuture(null);
    /** What the source will give, if it is being asked. Guarded by this object's monitor. */
    private Optional<CompletableFuture<Optional<String>>> asking = Optional.empty();

    public Bearer(Optional<String> token) {
        this.source = Optional.empty();
        this.token = token;
        this.isKnown = true;
    }

    /** Asks {@code function} for the token, before the first request and when the server has refused the last one. */
    public Bearer(Supplier<String> function, UnaryOperator<String> check) {
        this.source = Optional.of(new Source(function, check));
        this.token = Optional.empty();
    }

    /**
     * Replaces the token with the one that {@code ask} returns, and returns it. Rotations run one at a time; an
     * interrupt ends the wait for earlier ones.
     */
    public String rotate(Function<Optional<String>, String> ask) {
        if (source.isPresent())
            throw new ValidationException(
                    "A client whose token a function gives does not rotate it. Let the function give another one.");
        Waiting.lock(rotating);
        try {
            rotated = new CompletableFuture<>();
            String other = ask.apply(token);
            token = Optional.of(other);
            return other;
        } finally {
            rotated.complete(null);
            rotating.unlock();
        }
    }

    /**
     * Sends a request with the current token. On a 401, if there is another token by then, sends it again with that
     * one. A request that got a 401 has had no effect. Cancelling the future cancels whatever it is waiting for. If
     * that is a rotation or the source, they continue.
     *
     * @param needsToken whether to ask the source if the token is not known yet
     * @param patience how long to wait for the source at most
     */
    CompletableFuture<Answer> send(
            boolean needsToken, Duration patience, Function<Optional<String>, CompletableFuture<Answer>> request) {
        return Deadline.then(
                needsToken ? current(patience) : CompletableFuture.completedFuture(token),
                sent -> Deadline.then(
                        request.apply(sent),
                        answer -> isRefused(answer)
                                ? sendAgain(answer, sent, patience, request)
                                : CompletableFuture.completedFuture(answer)));
    }

    private CompletableFuture<Answer> sendAgain(
            Answer refusal,
            Optional<String> refused,
            Duration patience,
            Function<Optional<String>, CompletableFuture<Answer>> request) {
        return Deadline.then(replacement(refused, patience), other -> {
            if (other.equals(refused)) return CompletableFuture.completedFuture(refusal);
            return Deadline.then(request.apply(other), answer -> {
                // A source is asked once for a request. A rotated token may have been rotated once more.
                boolean isFinal = source.isPresent() || !isRefused(answer);
                return isFinal
                        ? CompletableFuture.completedFuture(answer)
                        : sendAgain(answer, other, patience, request);
            });
        });
    }

    private static boolean isRefused(Answer answer) {
        return answer.status() == UNAUTHORIZED;
    }

    private CompletableFuture<Optional<String>> current(Duration patience) {
        return isKnown
                ? CompletableFuture.completedFuture(token)
                : asked(source.orElseThrow(), Optional.empty(), patience);
    }

    /** The token instead of the refused one, once a rotation that is under way has ended. */
    private CompletableFuture<Optional<String>> replacement(Optional<String> refused, Duration patience) {
        if (!token.equals(refused)) return CompletableFuture.completedFuture(token);
        if (source.isPresent()) return asked(source.get(), refused, patience);
        // On the workers: the thread that called the rotation should not have to send all these requests.
        return rotated.thenApplyAsync(over -> token, Background.workers());
    }

    /** What the source gives. All that ask it at the same time share the answer. */
    private synchronized CompletableFuture<Optional<String>> asked(
            Source asked, Optional<String> refused, Duration patience) {
        if (isKnown && !token.equals(refused)) return CompletableFuture.completedFuture(token);
        if (asking.isEmpty())
            asking = Optional.of(CompletableFuture.supplyAsync(() -> adopted(asked), Background.workers()));
        return Deadline.within(Clock.OF_LEASES, patience, asking.get().copy(), Bearer::failureOfSource);
    }

    private static Throwable failureOfSource(Throwable error) {
        if (error instanceof TimeoutException)
            return new CallTimeoutException("The function that gives the token took too long.");
        return error;
    }

    private Optional<String> adopted(Source asked) {
        try {
            return adopt(asked.ask());
        } finally {
            forgetAsking();
        }
    }

    private synchronized Optional<String> adopt(Optional<String> given) {
        token = given;
        isKnown = true;
        return given;
    }

    private synchronized void forgetAsking() {
        asking = Optional.empty();
    }
}
