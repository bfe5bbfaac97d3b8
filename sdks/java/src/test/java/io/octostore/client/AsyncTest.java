package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.LockLostException;
import io.octostore.client.error.LostException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LockMode;
import io.octostore.client.model.LockStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
            TestServer.await(() -> other.queue(name).total() == 0);
            assertTrue(theirs.remaining().toSeconds() > 0);
        }
    }

    @Test
    void oneThatIsLateLeavesTheLine() throws Exception {
        try (LockHandle theirs = other.hold(name, HoldOptions.defaults())) {
            CompletableFuture<LockHandle> waiting = client.holdAsync(name, WAITING);
            TestServer.awaitWaiter(name);
            waiting.orTimeout(1, TimeUnit.MILLISECONDS);
            TestServer.await(() -> other.queue(theirs.name()).total() == 0);
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
    void blockHoldsItsLockUntilItsStageIsDone() throws Exception {
        CompletableFuture<LockHandle> inside = new CompletableFuture<>();
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> block = client.withLockAsync(name, HoldOptions.defaults(), lock -> {
            inside.complete(lock);
            return work;
        });
        assertEquals(name, inside.get().name());
        assertInstanceOf(LockStatus.Held.class, other.lockStatus(name));
        assertFalse(block.isDone());
        work.complete("done");
        assertEquals("done", block.get());
        assertInstanceOf(LockStatus.Available.class, other.lockStatus(name));
    }

    @Test
    void blockFailsAsItsFunctionOrItsStageDoes() {
        IllegalStateException mine = new IllegalStateException("mine");
        Function<LockHandle, CompletionStage<String>> thrown = lock -> {
            throw mine;
        };
        Function<LockHandle, CompletionStage<String>> failed =
                lock -> CompletableFuture.<String>failedFuture(mine).thenApply(String::trim);
        for (Function<LockHandle, CompletionStage<String>> use : List.of(thrown, failed)) {
            assertSame(mine, failureOf(client.withLockAsync(name, HoldOptions.defaults(), use)));
            assertInstanceOf(LockStatus.Available.class, other.lockStatus(name));
        }
        assertInstanceOf(
                NullPointerException.class,
                failureOf(client.withLockAsync(name, HoldOptions.defaults(), lock -> null)));
        assertInstanceOf(
                ValidationException.class,
                failureOf(client.withLockAsync("not//valid", HoldOptions.defaults(), failed)));
    }

    @Test
    void blockFailsIfItsLockWasLost() {
        HoldOptions brief = HoldOptions.builder().ttl(Duration.ofSeconds(3)).build();
        CompletableFuture<String> lost = client.withLockAsync(name, brief, lock -> {
            client.release(name, lock.leaseId());
            return lock.lost().thenApply(loss -> "too late");
        });
        LockLostException error = assertInstanceOf(LockLostException.class, failureOf(lost));
        assertEquals("too late", error.result());
        IllegalStateException mine = new IllegalStateException("mine");
        CompletableFuture<String> failed = client.withLockAsync(name, brief, lock -> {
            client.release(name, lock.leaseId());
            return lock.lost().thenCompose(loss -> CompletableFuture.failedFuture(mine));
        });
        assertSame(mine, failureOf(failed));
        assertInstanceOf(LostException.class, mine.getSuppressed()[0]);
    }

    @Test
    void cancelledBlockLeavesTheLineButGoesOnOnceItRuns() throws Exception {
        CompletableFuture<LockHandle> inside = new CompletableFuture<>();
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> running = client.withLockAsync(name, HoldOptions.defaults(), lock -> {
            inside.complete(lock);
            return work;
        });
        LockHandle lock = inside.get();
        CompletableFuture<String> waiting =
                other.withLockAsync(name, WAITING, mine -> CompletableFuture.completedFuture("never"));
        TestServer.awaitWaiter(name);
        waiting.cancel(true);
        TestServer.await(() -> client.queue(name).total() == 0);
        running.cancel(true);
        assertFalse(work.isDone());
        assertInstanceOf(LockStatus.Held.class, other.lockStatus(name));
        work.complete("done");
        TestServer.await(() -> other.lockStatus(name) instanceof LockStatus.Available);
        assertEquals(Duration.ZERO, lock.remaining());
    }

    @Test
    void blockCanHaveSeveralLocks() {
        List<WantedLock> wanted = List.of(WantedLock.exclusive(name), WantedLock.shared(name + "/b"));
        int count = client.withLocksAsync(
                        wanted,
                        HoldOptions.defaults(),
                        lock -> CompletableFuture.completedFuture(lock.locks().size()))
                .join();
        assertEquals(2, count);
    }

    @Test
    void conversionWorksTheSameWay() {
        HoldOptions shared = HoldOptions.builder().shared().build();
        try (LockHandle lock = client.hold(name, shared)) {
            long before = lock.fencingToken();
            LockHandle theirs = other.hold(name, shared);
            assertInstanceOf(LockHeldException.class, failureOf(lock.convertAsync(LockMode.EXCLUSIVE)));
            theirs.close();
            lock.convertAsync(LockMode.EXCLUSIVE).join();
            assertTrue(lock.fencingToken() > before);
            assertEquals(LockMode.EXCLUSIVE, lock.locks().get(0).mode());
            lock.convertAsync(name, LockMode.SHARED).join();
            assertEquals(LockMode.SHARED, lock.locks().get(0).mode());
            assertInstanceOf(ValidationException.class, failureOf(lock.convertAsync(name + "/other", LockMode.SHARED)));
        }
    }

    private static Throwable failureOf(CompletableFuture<?> future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
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
