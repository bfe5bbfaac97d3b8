package io.octostore.client.internal;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The token of a client. It may be replaced while requests are under way; the old one ends at once, so some of them may
 * be refused with 401 although the client has a valid token by then.
 */
public final class Bearer {
    private static final int UNAUTHORIZED = 401;

    private final Lock rotating = new ReentrantLock();
    private volatile Optional<String> token;
    /** Completed when the latest rotation is over, however it ended. */
    private volatile CompletableFuture<Void> rotated = CompletableFuture.completedFuture(null);

    public Bearer(Optional<String> token) {
        this.token = token;
    }

    /**
     * Replaces the token by what {@code ask} gets for it, and returns that. One rotation comes after the other; an
     * interrupt ends the wait for those before.
     */
    public String rotate(Function<Optional<String>, String> ask) {
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
     * Sends a request with the present token, and once more with the next one each time that it is refused with 401
     * although, or because, the token was replaced meanwhile. A refused request has had no effect. Cancelling the
     * future gives up whatever it waits for, be it the end of a rotation, which itself goes on.
     */
    CompletableFuture<Answer> send(Function<Optional<String>, CompletableFuture<Answer>> request) {
        Optional<String> sent = token;
        return Deadline.then(
                request.apply(sent),
                answer -> Deadline.then(
                        isOutdated(answer, sent),
                        again -> again ? send(request) : CompletableFuture.completedFuture(answer)));
    }

    /** Whether a token was refused that is no longer the client's, once a rotation that is under way has ended. */
    private CompletableFuture<Boolean> isOutdated(Answer answer, Optional<String> sent) {
        if (answer.status() != UNAUTHORIZED) return CompletableFuture.completedFuture(false);
        if (!token.equals(sent)) return CompletableFuture.completedFuture(true);
        // By the workers: whoever called the rotation need not send all these requests.
        return rotated.thenApplyAsync(over -> !token.equals(sent), Background.workers());
    }
}
