package io.octostore.client.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.AcquireOptions;
import io.octostore.client.ElectOptions;
import io.octostore.client.Election;
import io.octostore.client.HandleEvent;
import io.octostore.client.HoldOptions;
import io.octostore.client.Leader;
import io.octostore.client.ListOptions;
import io.octostore.client.LockHandle;
import io.octostore.client.OctoStoreClient;
import io.octostore.client.SessionHandle;
import io.octostore.client.WantedLock;
import io.octostore.client.Watch;
import io.octostore.client.error.LeaseBrokenException;
import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.LostException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.PermissionException;
import io.octostore.client.error.StaleTokenException;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LockMode;
import io.octostore.client.model.LockStatus;
import io.octostore.client.model.ReleaseRequest;
import io.octostore.client.model.WatchUpdate;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class FakeOctoStoreTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final HoldOptions SHARED = HoldOptions.builder().shared().build();
    private static final HoldOptions WAITING =
            HoldOptions.builder().waitAtMost(MINUTE).build();

    private final FakeOctoStore server = new FakeOctoStore();
    private final OctoStoreClient ada = server.client("ada");
    private final OctoStoreClient bob = server.client("bob");

    @Test
    void refusalNamesTheHolderAndTheEnd() {
        ada.acquire("a", AcquireOptions.defaults());
        LockHeldException held =
                assertThrows(LockHeldException.class, () -> bob.acquire("a", AcquireOptions.defaults()));
        assertEquals("ada", held.holder());
        assertEquals(server.now().plus(MINUTE), held.expiresAt());
        assertEquals("The lock \"a\" is held by ada (until 2026-01-01T00:01:00Z).", held.getMessage());
    }

    @Test
    void leaseThatIsNotRenewedExpires() {
        Lease first = ada.acquire("a", AcquireOptions.defaults());
        server.advance(MINUTE);
        Lease second = bob.acquire("a", AcquireOptions.defaults());
        assertTrue(second.fencingToken() > first.fencingToken());
        assertThrows(NotFoundException.class, () -> ada.renew("a", first.leaseId(), MINUTE));
    }

    @Test
    void handleRenewsForAsLongAsItIsOpen() {
        try (LockHandle lock = ada.hold("a", HoldOptions.defaults())) {
            server.advance(Duration.ofHours(1));
            assertFalse(lock.isLost());
            assertTrue(isHeld("a"));
        }
        assertFalse(isHeld("a"));
    }

    @Test
    void handleLearnsThatItsLockIsLost() {
        try (LockHandle lock = ada.hold("a", HoldOptions.defaults())) {
            ada.release("a", lock.leaseId());
            assertFalse(lock.isLost());
            server.advance(Duration.ofSeconds(20));
            assertTrue(lock.isLost());
        }
    }

    @Test
    void waitersGetTheLockInOrder() {
        LockHandle first = ada.hold("a", HoldOptions.defaults());
        CompletableFuture<LockHandle> second = bob.holdAsync("a", WAITING);
        server.awaitWaiters("a", 1);
        CompletableFuture<LockHandle> third = ada.holdAsync("a", WAITING);
        server.awaitWaiters("a", 2);
        first.close();
        second.join().close();
        assertTrue(third.join().fencingToken() > second.join().fencingToken());
    }

    @Test
    void waitEndsWhenItsTimeIsOver() {
        ada.acquire("a", AcquireOptions.builder().ttl(Duration.ofHours(1)).build());
        // One request waits for that long. Otherwise, the client would ask again while the time moves on.
        Duration wait = Duration.ofSeconds(20);
        CompletableFuture<LockHandle> waiting =
                bob.holdAsync("a", HoldOptions.builder().waitAtMost(wait).build());
        server.awaitWaiters("a", 1);
        server.advance(wait);
        CompletionException failed = assertThrows(CompletionException.class, waiting::join);
        assertInstanceOf(LockHeldException.class, failed.getCause());
    }

    @Test
    void waiterThatGivesUpLeavesTheLine() {
        LockHandle lock = ada.hold("a", HoldOptions.defaults());
        CompletableFuture<LockHandle> waiting = bob.holdAsync("a", WAITING);
        server.awaitWaiters("a", 1);
        waiting.cancel(true);
        CompletableFuture<LockHandle> next = ada.holdAsync("a", WAITING);
        server.awaitWaiters("a", 1);
        lock.close();
        assertEquals("a", next.join().name());
    }

    @Test
    void noOneGetsAheadOfAWaiter() {
        LockHandle reader = ada.hold("a", SHARED);
        CompletableFuture<LockHandle> writer = bob.holdAsync("a", WAITING);
        server.awaitWaiters("a", 1);
        LockHeldException queued = assertThrows(LockHeldException.class, () -> ada.hold("a", SHARED));
        assertEquals("lock_queued", queued.code().orElseThrow());
        reader.close();
        assertEquals(LockMode.EXCLUSIVE, writer.join().locks().get(0).mode());
    }

    @Test
    void locksAreSharedAndCounted() {
        ada.hold("a", SHARED);
        bob.hold("a", SHARED);
        assertEquals(
                2, assertInstanceOf(LockStatus.Held.class, ada.lockStatus("a")).holderCount());
        HoldOptions two = HoldOptions.builder().counted(3).permits(2).build();
        assertEquals(List.of(0, 1), ada.hold("c", two).slots());
        assertThrows(LockHeldException.class, () -> bob.hold("c", two));
        HoldOptions other = HoldOptions.builder().counted(4).build();
        assertEquals(
                3,
                assertThrows(LockHeldException.class, () -> bob.hold("c", other))
                        .limit()
                        .orElseThrow());
    }

    @Test
    void severalLocksAreGrantedTogetherOrNotAtAll() {
        List<WantedLock> both = List.of(WantedLock.exclusive("a"), WantedLock.exclusive("b"));
        try (LockHandle lock = ada.holdAll(both, HoldOptions.defaults())) {
            assertEquals(2, lock.locks().size());
            server.advance(Duration.ofMinutes(5));
            assertFalse(lock.isLost());
        }
        bob.acquire("b", AcquireOptions.defaults());
        assertThrows(LockHeldException.class, () -> ada.holdAll(both, HoldOptions.defaults()));
        assertFalse(isHeld("a"));
    }

    @Test
    void locksCanBeConverted() {
        LockHandle lock = ada.hold("a", SHARED);
        long before = lock.fencingToken();
        LockHandle other = bob.hold("a", SHARED);
        assertThrows(LockHeldException.class, () -> lock.convert(LockMode.EXCLUSIVE));
        other.close();
        lock.convert(LockMode.EXCLUSIVE);
        assertTrue(lock.fencingToken() > before);
    }

    @Test
    void lossSaysWhoBrokeTheLock() throws Exception {
        LockHandle lock = ada.hold("a", HoldOptions.defaults());
        assertThrows(PermissionException.class, () -> bob.breakLock("a", "mine"));
        server.operator().breakLease("a", lock.fencingToken(), "it hangs");
        server.advance(Duration.ofSeconds(20));
        LostException loss = lock.lost().toCompletableFuture().get();
        assertEquals(
                "it hangs",
                assertInstanceOf(LeaseBrokenException.class, loss.getCause()).reason());
        assertEquals("the lock a is lost: administrator broke it (\"it hangs\")", loss.getMessage());
    }

    @Test
    void listenersLearnOfEachRequestOnce() throws Exception {
        LockHandle lock = ada.hold("a", HoldOptions.defaults());
        BlockingQueue<ReleaseRequest> told = new LinkedBlockingQueue<>();
        lock.onReleaseRequested(told::add);
        bob.requestRelease("a", "deploying");
        server.advance(Duration.ofSeconds(60));
        assertEquals("deploying", told.take().message().orElseThrow());
        assertEquals("bob", lock.releaseRequested().orElseThrow().by());
        BlockingQueue<ReleaseRequest> toldLater = new LinkedBlockingQueue<>();
        lock.onReleaseRequested(toldLater::add);
        assertEquals("bob", toldLater.take().by());
        bob.requestRelease("a");
        server.advance(Duration.ofSeconds(60));
        assertTrue(told.take().message().isEmpty());
        assertTrue(told.isEmpty());
    }

    @Test
    void sessionsEndWithTheirLocks() {
        SessionHandle session = ada.openSession();
        LockHandle lock = ada.hold("a", HoldOptions.builder().session(session).build());
        server.advance(Duration.ofMinutes(10));
        assertEquals(1, ada.sessionStatus(session.sessionId()).lockCount());
        ada.endSession(session.sessionId());
        assertFalse(isHeld("a"));
        server.advance(Duration.ofSeconds(20));
        assertTrue(session.isLost());
        assertTrue(lock.isLost());
        String id = ada.createSession().sessionId();
        server.advance(MINUTE);
        assertThrows(NotFoundException.class, () -> ada.keepalive(id));
    }

    @Test
    void lockWithADelayIsKeptFromEveryone() {
        HoldOptions delay =
                HoldOptions.builder().minHold(Duration.ofSeconds(30)).build();
        ada.hold("a", delay).close();
        assertInstanceOf(LockStatus.Delayed.class, ada.lockStatus("a"));
        CompletableFuture<LockHandle> waiting = bob.holdAsync("a", WAITING);
        server.awaitWaiters("a", 1);
        server.advance(Duration.ofSeconds(30));
        assertEquals("a", waiting.join().name());
    }

    @Test
    void fencesRefuseOldTokens() {
        long low = ada.hold("a", SHARED).fencingToken();
        long high = bob.hold("a", SHARED).fencingToken();
        bob.fences().advance("a", high);
        assertEquals(
                high,
                assertThrows(StaleTokenException.class, () -> ada.fences().check("a", low))
                        .highest());
    }

    @Test
    void watchersSeeWhatHappens() {
        try (Watch<LockStatus> watch = ada.watch("a")) {
            Iterator<WatchUpdate<LockStatus>> updates = watch.iterator();
            assertInstanceOf(WatchUpdate.State.class, updates.next());
            bob.hold("a", HoldOptions.defaults()).close();
            WatchUpdate.Event<?> acquired = assertInstanceOf(WatchUpdate.Event.class, updates.next());
            assertEquals("bob", acquired.event().holder().orElseThrow());
            assertInstanceOf(WatchUpdate.Event.class, updates.next());
        }
    }

    @Test
    void leadershipPassesOnWhenTheLeaderIsBroken() {
        BlockingQueue<String> leaders = new LinkedBlockingQueue<>();
        try (Election first = ada.elect("a", ElectOptions.builder().once().build(), lead(leaders, "ada"))) {
            assertEquals("ada", await(leaders));
            try (Election second = bob.elect("a", ElectOptions.defaults(), lead(leaders, "bob"))) {
                server.awaitWaiters("a", 1);
                server.operator().breakLock("a", "a test");
                assertEquals("bob", await(leaders));
                server.advance(Duration.ofSeconds(20));
                first.join();
                assertEquals("a", second.name());
            }
        }
    }

    @Test
    void observerLearnsOfEachRenewal() {
        BlockingQueue<HandleEvent.Type> events = new LinkedBlockingQueue<>();
        OctoStoreClient observed = OctoStoreClient.builder()
                .baseUrl("http://any.test")
                .token("ada")
                .httpClient(server.httpClient())
                .observer(event -> events.add(event.type()))
                .build();
        try (LockHandle lock = observed.hold("a", HoldOptions.defaults())) {
            server.advance(Duration.ofSeconds(40));
            assertFalse(lock.isLost());
        }
        assertEquals(
                List.of(
                        HandleEvent.Type.ACQUIRED,
                        HandleEvent.Type.RENEWED,
                        HandleEvent.Type.RENEWED,
                        HandleEvent.Type.RELEASED),
                List.copyOf(events));
    }

    @Test
    void leaseIdOfSomethingElseIsNotFound() {
        String id = ada.acquire("a", AcquireOptions.defaults()).leaseId();
        assertThrows(NotFoundException.class, () -> bob.release("a", id));
        assertThrows(NotFoundException.class, () -> bob.leases().get(id));
        assertThrows(NotFoundException.class, () -> bob.leaveQueue("a", id));
        assertEquals("a", ada.leases().get(id).name());
    }

    @Test
    void linesAndListsAndCountersShowWhatThereIs() {
        ada.acquire("a", AcquireOptions.defaults());
        CompletableFuture<Lease> waiting = bob.acquireAsync(
                "a", AcquireOptions.builder().waitAtMost(MINUTE).build());
        server.awaitWaiters("a", 1);
        assertEquals("bob", ada.queue("a").queue().get(0).holder());
        String place = bob.queue("a").queue().get(0).leaseId().orElseThrow();
        bob.leaveQueue("a", place);
        assertEquals(0, ada.queue("a").total());
        assertEquals(1, ada.statusCounters().locksHeld());
        assertEquals("OK", ada.health());
        assertEquals("a", bob.listLocks(ListOptions.all()).get(0).name());
        waiting.cancel(true);
    }

    private static Leader lead(BlockingQueue<String> leaders, String name) {
        return leadership -> {
            leaders.add(name);
            new CountDownLatch(1).await();
        };
    }

    private static String await(BlockingQueue<String> leaders) {
        try {
            return leaders.take();
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private boolean isHeld(String name) {
        return ada.lockStatus(name) instanceof LockStatus.Held;
    }
}
