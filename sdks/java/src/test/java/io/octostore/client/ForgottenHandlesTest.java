package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.octostore.client.internal.Clock;
import io.octostore.client.internal.Result;
import io.octostore.client.internal.Servers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ForgottenHandlesTest {
    private final OctoStoreClient client = TestServer.client();

    @Test
    void forgottenLockWarnsAndIsNoLongerRenewed() throws InterruptedException {
        String name = TestServer.newName();
        try (Logged logged = new Logged()) {
            forget(name, Duration.ofSeconds(15));
            awaitWarning(logged, name);
            TestServer.await(() -> !TestServer.isHeld(name));
        }
    }

    @Test
    void forgottenSessionWarns() throws InterruptedException {
        try (Logged logged = new Logged()) {
            String id = client.openSession().sessionId();
            awaitWarning(logged, id);
        }
    }

    @Test
    void closedHandleIsNotForgotten() {
        Renewable thing = new Renewable(
                "it",
                Duration.ofMinutes(1),
                Clock.OF_LEASES.now(),
                Duration.ofSeconds(1),
                new Servers(List.of("http://a")),
                server -> new CompletableFuture<Result<Void>>(),
                Observation.none(),
                Optional.empty());
        Keeper keeper = Keeper.start(thing);
        keeper.stop();
        assertFalse(keeper.abandon());
    }

    private void forget(String name, Duration ttl) {
        client.hold(name, HoldOptions.builder().ttl(ttl).build());
    }

    private static void awaitWarning(Logged logged, String name) throws InterruptedException {
        TestServer.await(() -> {
            System.gc();
            return logged.hasWarningAbout(name);
        });
    }
}
