package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.error.LostException;
import io.octostore.client.error.NotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LockHandleTest {
    private static final HoldOptions SHORT =
            HoldOptions.builder().ttl(Duration.ofSeconds(6)).build();

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
    void nothingShowsTheToken() {
        try (LockHandle lock = client.hold(name, HoldOptions.defaults())) {
            assertFalse((client + " " + lock).contains(TestServer.token()));
            assertTrue(client.toString().contains(TestServer.url()));
        }
    }
}
