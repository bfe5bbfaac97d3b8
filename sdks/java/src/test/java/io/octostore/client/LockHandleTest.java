package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.error.AuthenticationException;
import io.octostore.client.error.LockLostException;
import io.octostore.client.error.LostException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LockStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LockHandleTest {
    private static final HoldOptions SHORT =
            HoldOptions.builder().ttl(Duration.ofSeconds(15)).build();

    private final OctoStoreClient client = TestServer.client();
    private final String name = TestServer.newName();

    @Test
    void blockReleasesWhenItThrows() {
        IOException thrown = new IOException("of the block");
        IOException caught = assertThrows(IOException.class, () -> {
            try (LockHandle lock = client.hold(name, HoldOptions.defaults())) {
                assertTrue(TestServer.isHeld(lock.name()));
                throw thrown;
            }
        });
        assertSame(thrown, caught);
        assertFalse(TestServer.isHeld(name));
    }

    @Test
    void withLockPassesOnWhatComesOfIt() {
        String result = client.withLock(name, HoldOptions.defaults(), LockHandle::name);
        assertEquals(name, result);
        assertThrows(
                IOException.class,
                () -> client.withLock(name, HoldOptions.defaults(), lock -> {
                    throw new IOException("of the function");
                }));
        assertFalse(TestServer.isHeld(name));
    }

    @Test
    void withLockTellsThatTheLockWasLost() {
        LockLostException lost = assertThrows(
                LockLostException.class,
                () -> client.withLock(name, SHORT, lock -> {
                    lose(lock);
                    return 5;
                }));
        assertEquals(name, lost.lock());
        assertEquals(5, lost.result());
        assertEquals("lock_not_found", lost.code().orElseThrow());
        assertInstanceOf(LostException.class, lost.getCause());
    }

    @Test
    void withLockAddsTheLossToWhatTheFunctionThrows() {
        IOException thrown = assertThrows(
                IOException.class,
                () -> client.withLock(name, SHORT, lock -> {
                    lose(lock);
                    throw new IOException("of the function");
                }));
        assertInstanceOf(LostException.class, thrown.getSuppressed()[0]);
    }

    @Test
    void withLockIsContentIfTheFunctionHasClosedTheLock() {
        int result = client.withLock(name, HoldOptions.defaults(), lock -> {
            lock.release();
            return 5;
        });
        assertEquals(5, result);
    }

    @Test
    void closeReleasesInAnInterruptedThread() {
        LockHandle lock = client.hold(name, HoldOptions.defaults());
        Thread.currentThread().interrupt();
        lock.close();
        assertTrue(Thread.interrupted(), "the interrupt is still noted");
        assertFalse(TestServer.isHeld(name));
    }

    @Test
    void releasedHandleHoldsNothingAndIsNotLost() {
        LockHandle lock = client.hold(name, HoldOptions.defaults());
        lock.release();
        lock.release();
        assertEquals(Duration.ZERO, lock.remaining());
        assertFalse(lock.isLost());
        lock.throwIfLost();
    }

    @Test
    void lossIsToldInAllWays() throws InterruptedException {
        try (LockHandle lock = client.hold(name, SHORT)) {
            CountDownLatch told = new CountDownLatch(1);
            lock.onLost(told::countDown);
            client.release(name, lock.leaseId());
            told.await();
            LostException staged = lock.lost().toCompletableFuture().join();
            assertInstanceOf(NotFoundException.class, staged.getCause());
            assertTrue(lock.isLost());
            assertEquals(Duration.ZERO, lock.remaining());
            assertSame(staged, assertThrows(LostException.class, lock::throwIfLost));
            assertEquals("lock_not_found", staged.code().orElseThrow());
            lock.release();
        }
    }

    @Test
    void actionRunsAlsoIfItIsGivenAfterTheLoss() throws InterruptedException {
        try (SessionHandle session = client.openSession()) {
            LockHandle lock =
                    client.hold(name, HoldOptions.builder().session(session).build());
            session.end();
            assertTrue(lock.isLost());
            CountDownLatch told = new CountDownLatch(1);
            lock.onLost(told::countDown);
            told.await();
            assertFalse(TestServer.isHeld(name));
        }
    }

    @Test
    void lockInAnEndedSessionCannotBeHad() {
        SessionHandle session = client.openSession();
        session.close();
        HoldOptions options = HoldOptions.builder().session(session).build();
        assertThrows(NotFoundException.class, () -> client.hold(name, options));
    }

    @Test
    void nothingShowsTheTokenOrTheLeaseId() {
        LockHandle lock = client.hold(name, HoldOptions.defaults());
        Lease lease = client.renew(name, lock.leaseId(), Duration.ofSeconds(60));
        LockStatus status = client.lockStatus(name);
        String texts = client + " " + lock + " " + lease + " " + status;
        assertFalse(texts.contains(TestServer.token()));
        assertFalse(texts.contains(lock.leaseId()));
        assertTrue(client.toString().contains(TestServer.url()));
        String start = "LockHandle(" + name + ", fencing token " + lock.fencingToken() + ", ";
        assertTrue(lock.toString().startsWith(start));
        assertTrue(lock.toString().endsWith(" s left)"));
        lock.close();
        assertEquals(start + "closed)", lock.toString());
    }

    @Test
    void withoutATokenNothingIsSent() {
        OctoStoreClient anonymous = OctoStoreClient.builder().withoutToken().build();
        AuthenticationException error =
                assertThrows(AuthenticationException.class, () -> anonymous.hold(name, HoldOptions.defaults()));
        assertTrue(error.getMessage().contains("OCTOSTORE_TOKEN"));
        assertTrue(error.status().isEmpty());
    }

    private void lose(LockHandle lock) {
        client.release(name, lock.leaseId());
        lock.lost().toCompletableFuture().join();
    }
}
