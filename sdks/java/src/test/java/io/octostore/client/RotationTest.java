package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.internal.Background;
import io.octostore.client.model.PrefixState;
import io.octostore.client.model.WatchUpdate;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RotationTest {
    private final RotatingServer server = new RotatingServer();
    private final OctoStoreClient client = server.client();
    private CompletableFuture<String> rotation;

    RotationTest() throws IOException {}

    @BeforeEach
    void beginToRotate() throws InterruptedException {
        rotation = inBackground(client::rotateToken);
        server.awaitRotation();
    }

    @AfterEach
    void finishRotating() {
        server.answerRotation();
        assertEquals("new", rotation.join());
        server.close();
    }

    @Test
    void watchThatIsRefusedMeanwhileGoesOnAfterwards() throws InterruptedException {
        try (Watch<PrefixState> watch = client.watchPrefix("")) {
            CompletableFuture<WatchUpdate<PrefixState>> first = inBackground(watch.iterator()::next);
            server.awaitRefusal();
            server.answerRotation();
            assertInstanceOf(WatchUpdate.State.class, first.join());
        }
    }

    @Test
    void closeEndsTheWaitOfAWatch() throws InterruptedException {
        Watch<PrefixState> watch = client.watchPrefix("");
        CompletableFuture<Boolean> hasNext = inBackground(watch.iterator()::hasNext);
        server.awaitRefusal();
        watch.close();
        assertFalse(hasNext.join());
        assertFalse(rotation.isDone());
    }

    @Test
    void interruptEndsTheWaitOfACall() throws InterruptedException {
        assertInterrupted(client::health, server::awaitRefusal);
    }

    @Test
    void interruptEndsTheWaitOfTheNextRotation() throws InterruptedException {
        assertInterrupted(client::rotateToken, () -> {});
    }

    /** Awaits something that the server sees, if it sees anything. */
    private interface Arrival {
        void await() throws InterruptedException;
    }

    private void assertInterrupted(Runnable call, Arrival arrival) throws InterruptedException {
        CompletableFuture<Boolean> wasNoted = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            assertThrows(CallInterruptedException.class, call::run);
            wasNoted.complete(Thread.currentThread().isInterrupted());
        });
        caller.start();
        arrival.await();
        caller.interrupt();
        assertTrue(wasNoted.join());
        assertFalse(rotation.isDone());
    }

    private static <T> CompletableFuture<T> inBackground(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, Background.workers());
    }
}
