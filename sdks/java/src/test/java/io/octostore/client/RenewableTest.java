package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.internal.Clock;
import io.octostore.client.internal.Result;
import io.octostore.client.internal.Servers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RenewableTest {
    @Test
    void attemptIsGivenUpWhenItHasTakenTooLong() {
        CompletableFuture<Result<Void>> hanging = new CompletableFuture<>();
        Renewable thing = new Renewable(
                "it",
                Duration.ofMinutes(1),
                Clock.OF_LEASES.now(),
                Duration.ofMillis(50),
                new Servers(List.of("http://a")),
                server -> hanging,
                Observation.none(),
                Optional.empty());
        CompletionException error = assertThrows(CompletionException.class, thing.renewal("http://a")::join);
        assertInstanceOf(TimeoutException.class, error.getCause());
        assertTrue(hanging.isCancelled());
    }
}
