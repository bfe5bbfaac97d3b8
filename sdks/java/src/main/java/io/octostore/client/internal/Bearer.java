package io.octostore.client.internal;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A client's token. It can be replaced while requests are under way. The old token stops working immediately, so some
 * of these requests may get a 401 although the client has a valid token by then.
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
     * Replaces the token with the one that {@code ask} returns, and returns it. Rotations run one at a time; an
     * interrupt ends the wait for earlier ones.
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
     * Sends a request with the current token. On a 401, if the token has been replaced meanwhile, sends it again with
     * the new one. A request that got a 401 has had no effect. Cancelling the future cancels whatever it is waiting
     * for. If that is a rotation, the rotation itself continues.
     */
    CompletableFuture<Answer> send(Function<Optional<String>, CompletableFuture<Answer>> request) {
        Optional<String> sent = token;
        return Deadline.then(
                request.apply(sent),
                answer -> Deadline.then(
                        isOutdated(answer, sent),
                        again -> again ? send(request) : CompletableFuture.completedFuture(answer)));
    }

    /** Whether the refused token is no longer the client's, after a rotation that is under way has ended. */
    private CompletableFuture<Boolean> isOutdated(Answer answer, Optional<String> sent) {
        if (answer.status() != UNAUTHORIZED) return CompletableFuture.completedFuture(false);
        if (!token.equals(sent)) return CompletableFuture.completedFuture(true);
        // On the workers: the thread that called the rotation should not have to send all these requests.
        return rotated.thenApplyAsync(over -> !token.equals(sent), Background.workers());
    }
}
