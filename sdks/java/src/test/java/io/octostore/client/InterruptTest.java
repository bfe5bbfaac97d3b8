package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.error.CallInterruptedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InterruptTest {
    private final OctoStoreClient client = TestServer.client();
    private final String name = TestServer.newName();

    @Test
    void interruptGivesUpAWaitAndLeavesNoLock() throws InterruptedException {
        HoldOptions patient =
                HoldOptions.builder().waitAtMost(Duration.ofMinutes(5)).build();
        CompletableFuture<Boolean> wasNoted = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            assertThrows(CallInterruptedException.class, () -> client.hold(name, patient));
            wasNoted.complete(Thread.currentThread().isInterrupted());
        });
        try (LockHandle theirs = TestServer.otherClient().hold(name, HoldOptions.defaults())) {
            waiter.start();
            TestServer.awaitWaiter(theirs.name());
            waiter.interrupt();
            assertTrue(wasNoted.join());
            TestServer.await(() -> client.lockStatus(name).waiters() == 0);
        }
        assertFalse(TestServer.isHeld(name));
    }

    @Test
    void interruptedThreadSendsNothing() {
        Thread.currentThread().interrupt();
        assertThrows(CallInterruptedException.class, client::health);
        assertTrue(Thread.interrupted());
        assertEquals("OK", client.health());
    }
}
