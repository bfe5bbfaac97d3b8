package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.octostore.client.error.AuthenticationException;
import io.octostore.client.error.CallTimeoutException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.internal.Waiting;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TokenSourceTest {
    private final String name = TestServer.newName();
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void isAskedAgainAfterARefusal() {
        Iterator<String> tokens =
                List.of("refused-token-of-a-test", TestServer.token()).iterator();
        OctoStoreClient client = client(tokens::next);
        client.hold(name, HoldOptions.defaults()).close();
        client.lockStatus(name);
        assertEquals(2, calls.get());
    }

    @Test
    void isAskedOnceForEachRefusalIfItDoesNotHelp() {
        OctoStoreClient client = client(() -> "refused-token-of-a-test");
        assertThrows(AuthenticationException.class, () -> client.lockStatus(name));
        assertEquals(2, calls.get());
    }

    @Test
    void failureIsTheCause() {
        IllegalStateException failure = new IllegalStateException("no file");
        OctoStoreClient client = client(() -> {
            throw failure;
        });
        AuthenticationException error = assertThrows(AuthenticationException.class, () -> client.lockStatus(name));
        assertSame(failure, error.getCause());
    }

    @Test
    void tokenOfItMustBeUsable() {
        OctoStoreClient client = client(() -> "two words");
        assertThrows(ValidationException.class, () -> client.lockStatus(name));
    }

    @Test
    void mayHaveNone() {
        OctoStoreClient client = client(() -> null);
        assertThrows(AuthenticationException.class, () -> client.lockStatus(name));
        assertEquals("OK", client.health());
    }

    @Test
    void clientWithItDoesNotRotate() {
        OctoStoreClient client = client(TestServer::token);
        assertThrows(ValidationException.class, client::rotateToken);
        assertEquals(0, calls.get());
    }

    @Test
    void callWaitsNoLongerThanItsAttempt() {
        OctoStoreClient client = OctoStoreClient.builder()
                .timeout(Duration.ofMillis(50))
                .tokenSource(() -> {
                    Waiting.await(new CompletableFuture<>());
                    return "never";
                })
                .build();
        assertThrows(CallTimeoutException.class, () -> client.lockStatus(name));
    }

    private OctoStoreClient client(Supplier<String> source) {
        return OctoStoreClient.builder()
                .tokenSource(() -> {
                    calls.incrementAndGet();
                    return source.get();
                })
                .build();
    }
}
