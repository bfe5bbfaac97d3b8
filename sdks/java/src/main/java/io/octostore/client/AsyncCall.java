package io.octostore.client;

import io.octostore.client.internal.Background;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A call that waits, on a thread of the client. */
final class AsyncCall {
    private AsyncCall() {}

    /**
     * Starts a call. If its future is cancelled or completed otherwise, the call is interrupted.
     *
     * @param discard what to do with a result that comes too late for that
     */
    static <T> CompletableFuture<T> start(Supplier<T> call, Consumer<T> discard) {
        CompletableFuture<T> result = new CompletableFuture<>();
        AtomicBoolean hasReturned = new AtomicBoolean();
        FutureTask<Void> task = new FutureTask<>(() -> run(call, discard, result, hasReturned), null);
        result.whenComplete((value, error) -> {
            if (!hasReturned.get()) task.cancel(true);
        });
        Background.workers().execute(task);
        return result;
    }

    private static <T> void run(
            Supplier<T> call, Consumer<T> discard, CompletableFuture<T> result, AtomicBoolean hasReturned) {
        try {
            T value = call.get();
            hasReturned.set(true);
            if (!result.complete(value)) discard.accept(value);
        } catch (RuntimeException | Error failure) {
            hasReturned.set(true);
            result.completeExceptionally(failure);
        }
    }
}
