package io.octostore.client;

import io.octostore.client.error.LostException;
import io.octostore.client.internal.Background;
import io.octostore.client.internal.Waiting;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A handle whose lock or session is renewed in the background. */
abstract sealed class KeptHandle implements Handle permits KeptLockHandle, KeptSessionHandle {
    private final Keeper keeper;
    private final Ending ending;

    KeptHandle(Ending ending, boolean closesOnExit) {
        this.keeper = ending.keeper();
        this.ending = ending;
        if (closesOnExit) OpenAtExit.add(ending);
        ForgottenHandles.expectEnd(this, keeper);
    }

    @Override
    public final boolean isLost() {
        return keeper.loss().isPresent();
    }

    @Override
    public final void throwIfLost() {
        keeper.loss().ifPresent(loss -> {
            throw loss;
        });
    }

    @Override
    public final void onLost(Runnable action) {
        keeper.lost().thenRun(() -> Background.workers().execute(action));
    }

    @Override
    public final CompletionStage<LostException> lost() {
        return keeper.lost().minimalCompletionStage();
    }

    @Override
    public final Duration remaining() {
        return keeper.remaining();
    }

    @Override
    public final void close() {
        Waiting.awaitEnd(ending.end());
    }

    @Override
    public final CompletableFuture<Void> closeAsync() {
        return ending.end().<Void>handle((done, error) -> null);
    }

    /** Releases or ends it. Throws if the server cannot be reached, but not if it was already lost. */
    final void giveBack() {
        Waiting.await(ending.end().copy());
    }

    /** Keeps it alive. */
    final Keeper keeper() {
        return keeper;
    }

    /** Ends it. */
    final Ending ending() {
        return ending;
    }
}
