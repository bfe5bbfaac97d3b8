package io.octostore.client;

import io.octostore.client.error.LockLostException;
import io.octostore.client.error.LostException;
import io.octostore.client.internal.Background;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** A block form whose function returns a stage. */
final class AsyncBlock {
    private AsyncBlock() {}

    /** Holds a lock until the stage of the function is done. Cancelling the result ends the wait for the lock only. */
    static <T> CompletableFuture<T> run(
            Supplier<KeptLockHandle> hold, Function<? super LockHandle, ? extends CompletionStage<T>> use) {
        CompletableFuture<T> result = new CompletableFuture<>();
        CompletableFuture<KeptLockHandle> holding = AsyncCall.start(hold, Handle::close);
        result.whenComplete((value, error) -> holding.cancel(true));
        holding.whenCompleteAsync(
                (lock, refused) -> {
                    if (refused == null) during(lock, use, result);
                    else result.completeExceptionally(refused);
                },
                Background.workers());
        return result;
    }

    private static <T> void during(
            KeptLockHandle lock,
            Function<? super LockHandle, ? extends CompletionStage<T>> use,
            CompletableFuture<T> result) {
        stageOf(use, lock).whenComplete((value, error) -> {
            Optional<Throwable> failure = failureOf(lock, value, Optional.ofNullable(error));
            lock.closeAsync()
                    .thenRun(
                            () -> failure.ifPresentOrElse(result::completeExceptionally, () -> result.complete(value)));
        });
    }

    private static <T> CompletionStage<T> stageOf(
            Function<? super LockHandle, ? extends CompletionStage<T>> use, LockHandle lock) {
        try {
            CompletionStage<T> stage = use.apply(lock);
            return stage == null ? failed(new NullPointerException("The function has returned no stage.")) : stage;
        } catch (RuntimeException | Error failure) {
            return failed(failure);
        }
    }

    private static <T> CompletionStage<T> failed(Throwable failure) {
        return CompletableFuture.failedStage(failure);
    }

    private static Optional<Throwable> failureOf(KeptLockHandle lock, Object value, Optional<Throwable> error) {
        Optional<LostException> loss = lock.lossWhileOpen();
        Optional<Throwable> failure = error.map(AsyncBlock::withoutWrapper);
        failure.ifPresent(thrown -> loss.filter(reason -> reason != thrown).ifPresent(thrown::addSuppressed));
        return failure.or(() -> loss.map(reason -> new LockLostException(lock.name(), reason, value)));
    }

    private static Throwable withoutWrapper(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
