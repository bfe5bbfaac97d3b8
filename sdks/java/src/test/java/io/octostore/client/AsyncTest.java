package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.error.LockHeldException;
import io.octostore.client.model.Lease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AsyncTest {
    private static final HoldOptions WAITING =
            HoldOptions.builder().waitAtMost(Duration.ofMinutes(1)).build();

    private final OctoStoreClient client = TestServer.client();
    private final OctoStoreClient other = TestServer.otherClient();
    private final String name = TestServer.newName();

    @Test
    void holdsOnceItsTurnHasCome() throws Exception {
        LockHandle theirs = other.hold(name, HoldOptions.defaults());
        CompletableFuture<LockHandle> waiting = client.holdAsync(name, WAITING);
        TestServer.awaitWaiter(name);
        assertFalse(waiting.isDone());
        theirs.closeAsync().join();
        try (LockHandle lock = waiting.join()) {
            assertEquals(name, lock.name());
        }
    }

    @Test
    void failsLikeTheCallThatWaits() {
        other.acquire(name, AcquireOptions.defaults());
        CompletionException failed =
                assertThrows(CompletionException.class, client.acquireAsync(name, AcquireOptions.defaults())::join);
        assertInstanceOf(LockHeldException.class, failed.getCause());
    }

    @Test
    void cancelledOneLeavesTheLine() throws Exception {
        try (LockHandle theirs = other.hold(name, HoldOptions.defaults())) {
            CompletableFuture<LockHandle> waiting = client.holdAsync(name, WAITING);
            TestServer.awaitWaiter(name);
            waiting.cancel(true);
            TestServer.await(() -> other.queue(name).waiters() == 0);
            assertTrue(theirs.remaining().toSeconds() > 0);
        }
    }

    @Test
    void oneThatIsLateLeavesTheLine() throws Exception {
        try (LockHandle theirs = other.hold(name, HoldOptions.defaults())) {
            CompletableFuture<LockHandle> waiting = client.holdAsync(name, WAITING);
            TestServer.awaitWaiter(name);
            waiting.orTimeout(1, TimeUnit.MILLISECONDS);
            TestServer.await(() -> other.queue(theirs.name()).waiters() == 0);
        }
    }

    @Test
    void severalLocksAndSessionsWorkTheSameWay() {
        List<WantedLock> wanted = List.of(WantedLock.exclusive(name), WantedLock.shared(name + "/b"));
        client.holdAllAsync(wanted, HoldOptions.defaults()).join().close();
        Lease lease = client.acquireAllAsync(wanted, AcquireOptions.defaults()).join();
        client.leases().release(lease.leaseId());
        try (SessionHandle session =
                client.openSessionAsync(Duration.ofSeconds(30)).join()) {
            assertFalse(session.isLost());
        }
    }

    @Test
    void resultThatComesTooLateIsDiscarded() throws Exception {
        CompletableFuture<String> inside = new CompletableFuture<>();
        CompletableFuture<String> discarded = new CompletableFuture<>();
        CompletableFuture<String> call = AsyncCall.start(
                () -> {
                    inside.complete("");
                    Thread.interrupted();
                    while (!Thread.currentThread().isInterrupted()) Thread.onSpinWait();
                    return "late";
                },
                discarded::complete);
        inside.join();
        call.cancel(true);
        assertEquals("late", discarded.get());
    }
}
