package io.octostore.client.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Futures that, when cancelled or late, cancel what they wait for. */
public final class Deadline {
    private Deadline() {}

    /**
     * Completes within the timeout, or fails with {@link TimeoutException}. Unlike the JDK's own request timeout, this
     * one covers the body of the response too.
     */
    public static <T> CompletableFuture<T> within(Timeline timeline, Duration timeout, CompletableFuture<T> started) {
        return within(timeline, timeout, started, Function.identity());
    }

    /** The same, with failures as {@code describe} turns them. */
    static <T> CompletableFuture<T> within(
            Timeline timeline,
            Duration timeout,
            CompletableFuture<T> started,
            Function<Throwable, Throwable> describe) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Future<?> alarm = timeline.after(
                timeout,
                () -> result.completeExceptionally(
                        describe.apply(new TimeoutException("no answer within " + timeout.toMillis() + " ms"))));
        started.whenComplete((value, error) -> {
            if (error == null) result.complete(value);
            else result.completeExceptionally(describe.apply(error));
        });
        result.whenComplete((value, error) -> {
            alarm.cancel(false);
            if (error != null) started.cancel(true);
        });
        return result;
    }

    /** Maps the value of a future. */
    public static <T, R> CompletableFuture<R> map(CompletableFuture<T> future, Function<T, R> function) {
        return then(future, value -> CompletableFuture.completedFuture(function.apply(value)));
    }

    /** The result of the future that {@code next} creates from the value of the first one. */
    static <T, R> CompletableFuture<R> then(CompletableFuture<T> first, Function<T, CompletableFuture<R>> next) {
        CompletableFuture<CompletableFuture<R>> second = first.thenApply(next);
        CompletableFuture<R> result = second.thenCompose(Function.identity());
        result.whenComplete((value, error) -> {
            if (!result.isCancelled()) return;
            first.cancel(true);
            second.thenAccept(started -> started.cancel(true));
        });
        return result;
    }
}
