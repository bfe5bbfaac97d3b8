package io.octostore.client;

import io.octostore.client.HandleEvent.Type;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.internal.Background;
import io.octostore.client.internal.Failures;
import io.octostore.client.internal.Limits;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Ends a lease or a session on the server, once, and in no more time than what is left of it. Does not refer to its
 * handle, which can be forgotten.
 */
final class Ending {
    private static final CompletableFuture<Void> NOTHING_TO_DO = CompletableFuture.completedFuture(null);

    private final Keeper keeper;
    private final Consumer<Limits> send;
    private Optional<CompletableFuture<Void>> begun = Optional.empty();

    /** @param send asks the server to end it */
    Ending(Keeper keeper, Consumer<Limits> send) {
        this.keeper = keeper;
        this.send = send;
    }

    Keeper keeper() {
        return keeper;
    }

    /** Present once it has begun. */
    synchronized Optional<CompletableFuture<Void>> begun() {
        return begun;
    }

    /** Starts to end it, unless that has already started. Fails if the server cannot be reached in time. */
    synchronized CompletableFuture<Void> end() {
        if (begun.isEmpty()) begun = Optional.of(start());
        return begun.get();
    }

    /** How much is left, for people. */
    String leftText() {
        if (keeper.loss().isPresent()) return "lost";
        if (begun().isPresent()) return "closed";
        return "%d.%d s left"
                .formatted(keeper.remaining().toSeconds(), keeper.remaining().toMillisPart() / 100);
    }

    private CompletableFuture<Void> start() {
        boolean isLost = keeper.loss().isPresent();
        Duration left = keeper.remaining();
        keeper.stop();
        if (keeper.isGone()) return NOTHING_TO_DO;
        Limits limits = isLost ? Limits.brief(keeper.timeline()) : Limits.within(keeper.timeline(), left);
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> sendOnce(limits), Background.workers());
        return isLost ? NOTHING_TO_DO : observed(sent);
    }

    /** Ended when the observer knows of it, too. */
    private CompletableFuture<Void> observed(CompletableFuture<Void> sent) {
        return sent.handle((done, error) -> Optional.ofNullable(error).map(Failures::of))
                .thenCompose(failure -> keeper.observation().tell(Type.RELEASED, failure))
                .thenCompose(told -> sent);
    }

    private void sendOnce(Limits limits) {
        try {
            send.accept(limits);
        } catch (NotFoundException alreadyGone) {
            // It was already lost, which its signals report.
        }
    }
}
