package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.error.CallTimeoutException;
import io.octostore.client.error.NetworkException;
import io.octostore.client.internal.Rules;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TransportTest {
    @Test
    void timeoutCoversTheBody() throws IOException {
        try (RawServer server = RawServer.thatHangsAfter("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nO")) {
            OctoStoreClient client = server.client(Duration.ofMillis(100));
            assertThrows(CallTimeoutException.class, client::health);
        }
    }

    @Test
    void jdkRepeatsNothingBehindOurBack() throws IOException {
        try (RawServer server = RawServer.thatClosesAfter("")) {
            OctoStoreClient client = server.client(Duration.ofSeconds(10));
            NetworkException error = assertThrows(NetworkException.class, client::health);
            assertTrue(error.wasSent());
            assertEquals(1 + Rules.REPEATS_MAX, server.requests().size());
        }
    }

    @Test
    void errorsComeFromTheThreadThatAsked() throws IOException {
        try (RawServer server = RawServer.thatClosesAfter("")) {
            OctoStoreClient client = server.client(Duration.ofSeconds(10));
            NetworkException error = assertThrows(NetworkException.class, client::statusCounters);
            boolean namesTheCaller = Arrays.stream(error.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().equals(TransportTest.class.getName()));
            assertTrue(namesTheCaller);
        }
    }
}
