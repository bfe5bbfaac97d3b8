package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.error.AuthenticationException;
import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.model.LockEventType;
import io.octostore.client.model.LockStatus;
import io.octostore.client.model.WatchUpdate;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WatchTest {
    private final OctoStoreClient client = TestServer.client();
    private final String name = TestServer.newName();

    @Test
    void closeEndsAnIterationThatWaits() {
        Watch<LockStatus> watch = client.watch(name);
        Iterator<WatchUpdate<LockStatus>> updates = watch.iterator();
        assertInstanceOf(WatchUpdate.State.class, updates.next());
        CompletableFuture<Boolean> hasNext = CompletableFuture.supplyAsync(updates::hasNext);
        watch.close();
        watch.close();
        assertFalse(hasNext.join());
        assertThrows(NoSuchElementException.class, updates::next);
    }

    @Test
    void interruptLeavesTheIterationAsItWas() {
        try (Watch<LockStatus> watch = client.watch(name)) {
            Iterator<WatchUpdate<LockStatus>> updates = watch.iterator();
            assertInterrupted(updates);
            assertInstanceOf(WatchUpdate.State.class, updates.next());
            assertInterrupted(updates);
            client.hold(name, HoldOptions.defaults()).close();
            assertEquals(LockEventType.ACQUIRED, typeOf(updates.next()));
            assertEquals(LockEventType.RELEASED, typeOf(updates.next()));
        }
    }

    @Test
    void watchIsIteratedOnce() {
        try (Watch<LockStatus> watch = client.watch(name)) {
            watch.iterator();
            assertThrows(IllegalStateException.class, watch::iterator);
        }
    }

    @Test
    void iterationIsOverAfterAnErrorThatNothingMends() {
        OctoStoreClient stranger = OctoStoreClient.builder().token("nobody").build();
        Iterator<WatchUpdate<LockStatus>> updates = stranger.watch(name).iterator();
        assertThrows(AuthenticationException.class, updates::hasNext);
        assertFalse(updates.hasNext());
    }

    @Test
    void closeEndsAConnectionThatHangs() throws Exception {
        try (RawServer server = RawServer.thatHangsAfter("")) {
            Watch<LockStatus> watch = server.client(Duration.ofMinutes(1)).watch(name);
            CompletableFuture<Boolean> hasNext = CompletableFuture.supplyAsync(watch.iterator()::hasNext);
            TestServer.await(() -> !server.requests().isEmpty());
            watch.close();
            assertFalse(hasNext.join());
        }
    }

    private static void assertInterrupted(Iterator<?> updates) {
        Thread.currentThread().interrupt();
        assertThrows(CallInterruptedException.class, updates::hasNext);
        assertTrue(Thread.interrupted());
    }

    private static LockEventType typeOf(WatchUpdate<LockStatus> update) {
        return assertInstanceOf(WatchUpdate.Event.class, update).event().event();
    }
}
