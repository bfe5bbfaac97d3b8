package io.octostore.client.internal;

import io.octostore.client.error.AuthenticationException;
import io.octostore.client.error.OctoStoreException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A client's token. It can be replaced while requests are under way. The old token stops working immediately, so some
 * of these requests may get a 401 although the client has a valid token by then.
 */
public final class Bearer {
    private static final int UNAUTHORIZED = 401;

    private final Lock rotating = new ReentrantLock();
    /** Asked for the token at first, and again when the server has refused the last one. It may block. */
    private final Optional<Supplier<Optional<String>>> source;

    private volatile Optional<String> token;
    private volatile boolean isKnown;
    /** Completed when the latest rotation is over, however it ended. */
    private volatile CompletableFuture<Void> rotated = CompletableFuture.completedFuture(null);

    public Bearer(Optional<String> token) {
        this.source = Optional.empty();
        this.token = token;
        this.isKnown = true;
    }

    /** Asks {@code source} for the token. */
    public Bearer(Supplier<Optional<String>> source) {
        this.source = Optional.of(source);
        this.token = Optional.empty();
    }

    /**
     * Replaces the token with the one that {@code ask} returns, and returns it. Rotations run one at a time; an
     * interrupt ends the wait for earlier ones.
     */
    public String rotate(Function<Optional<String>, String> ask) {
        Waiting.lock(rotating);
        try {
            rotated = new CompletableFuture<>();
            String other = ask.apply(known());
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
        return Deadline.then(
                current(),
                sent -> Deadline.then(
                        request.apply(sent),
                        answer -> Deadline.then(
                                isOutdated(answer, sent),
                                again -> again ? send(request) : CompletableFuture.completedFuture(answer))));
    }

    private CompletableFuture<Optional<String>> current() {
        return isKnown
                ? CompletableFuture.completedFuture(token)
                : CompletableFuture.supplyAsync(this::known, Background.workers());
    }

    private synchronized Optional<String> known() {
        if (!isKnown) token = asked();
        isKnown = true;
        return token;
    }

    private Optional<String> asked() {
        try {
            return source.flatMap(Supplier::get);
        } catch (OctoStoreException invalid) {
            throw invalid;
        } catch (RuntimeException cause) {
            throw new AuthenticationException("The function that gives the token has failed.", cause);
        }
    }

    /** Whether there is another token than the refused one, of which the source is asked once. */
    private synchronized boolean isReplaced(Optional<String> refused) {
        if (token.equals(refused) && source.isPresent()) token = asked();
        return !token.equals(refused);
    }

    /** Whether the refused token is no longer the client's, after a rotation that is under way has ended. */
    private CompletableFuture<Boolean> isOutdated(Answer answer, Optional<String> sent) {
        if (answer.status() != UNAUTHORIZED) return CompletableFuture.completedFuture(false);
        if (!token.equals(sent)) return CompletableFuture.completedFuture(true);
        // On the workers: the thread that called the rotation should not have to send all these requests.
        return rotated.thenApplyAsync(over -> isReplaced(sent), Background.workers());
    }
}
