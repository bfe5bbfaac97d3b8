package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ElectionTest {
    private static final ElectOptions ONCE = ElectOptions.builder().once().build();

    private final OctoStoreClient client = TestServer.client();
    private final String name = TestServer.newName();

    @Test
    void endsWithWhatTheLeaderThrows() {
        IOException checked = new IOException("of the leader");
        Election election = client.elect(name, ElectOptions.defaults(), leadership -> {
            throw checked;
        });
        assertSame(
                checked, assertThrows(CompletionException.class, election::join).getCause());
        assertFalse(TestServer.isHeld(name));
        election.close();
    }

    @Test
    void passesOnUncheckedExceptionsAsTheyAre() {
        IllegalStateException unchecked = new IllegalStateException("of the leader");
        Election election = client.elect(name, ONCE, leadership -> {
            throw unchecked;
        });
        assertSame(unchecked, assertThrows(IllegalStateException.class, election::join));
    }

    @Test
    void logsAnErrorThatNoOneAsksFor() throws InterruptedException {
        try (Logged logged = new Logged()) {
            client.elect(name, ONCE, leadership -> {
                throw new IllegalStateException("of the leader");
            });
            TestServer.await(() -> logged.hasWarningAbout(name));
        }
    }

    @Test
    void tellsHowItEndedAndThenLogsNothing() throws InterruptedException {
        IOException thrown = new IOException("of the leader");
        CountDownLatch mayFail = new CountDownLatch(1);
        try (Logged logged = new Logged()) {
            Election election = client.elect(name, ONCE, leadership -> {
                mayFail.await();
                throw thrown;
            });
            CompletableFuture<Void> ended = election.ended();
            mayFail.countDown();
            assertSame(
                    thrown, assertThrows(ExecutionException.class, ended::get).getCause());
            assertFalse(logged.hasWarningAbout(name));
            assertEquals("Election(" + name + ")", election.toString());
        }
    }

    @Test
    void leadsOnceIfAskedTo() {
        AtomicInteger times = new AtomicInteger();
        client.elect(name, ONCE, leadership -> times.incrementAndGet()).join();
        assertEquals(1, times.get());
        assertFalse(TestServer.isHeld(name));
    }

    @Test
    void leadsAgainAfterReturning() throws InterruptedException {
        BlockingQueue<Long> tokens = new LinkedBlockingQueue<>();
        try (Election election = client.elect(
                name,
                ElectOptions.defaults(),
                leadership -> tokens.add(leadership.lock().fencingToken()))) {
            long first = tokens.take();
            assertTrue(tokens.take() > first);
            election.stop();
        }
    }

    @Test
    void interruptsTheLeaderWhenItIsClosed() throws InterruptedException {
        CountDownLatch leads = new CountDownLatch(1);
        Election election = client.elect(name, ElectOptions.defaults(), leadership -> {
            leads.countDown();
            new CountDownLatch(1).await();
        });
        leads.await();
        election.close();
        election.join();
        assertFalse(TestServer.isHeld(name));
    }

    @Test
    void tellsALeaderThatHeedsNoInterruptOfTheLoss() throws InterruptedException {
        BlockingQueue<LockHandle> locks = new LinkedBlockingQueue<>();
        CountDownLatch stopped = new CountDownLatch(1);
        ElectOptions options =
                ElectOptions.builder().ttl(Duration.ofSeconds(6)).once().build();
        try (Election election = client.elect(name, options, leadership -> {
            locks.add(leadership.lock());
            while (!leadership.mustStop()) Thread.onSpinWait();
            stopped.countDown();
        })) {
            client.release(name, locks.take().leaseId());
            stopped.await();
            election.join();
        }
    }

    @Test
    void interruptForALossDoesNotReachTheNextCampaign() throws InterruptedException {
        BlockingQueue<LockHandle> locks = new LinkedBlockingQueue<>();
        ElectOptions options = ElectOptions.builder().ttl(Duration.ofSeconds(6)).build();
        try (Election election = client.elect(name, options, leadership -> {
            locks.add(leadership.lock());
            new CountDownLatch(1).await();
        })) {
            LockHandle first = locks.take();
            client.release(name, first.leaseId());
            assertTrue(locks.take().fencingToken() > first.fencingToken());
            assertInstanceOf(Election.class, election);
        }
    }
}
