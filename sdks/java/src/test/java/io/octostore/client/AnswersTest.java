package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.UnavailableException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.internal.Rules;
import io.octostore.client.internal.Version;
import io.octostore.client.model.LockStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that the server gives only in circumstances that a test cannot easily make. */
class AnswersTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String KEPT = "{\"error\":\"Kept.\",\"code\":\"%s\",\"request_id\":\"r\",\"holder_id\":null,"
            + "\"expires_at\":\"2026-01-02T03:04:05Z\",\"lock\":{\"name\":\"a\",\"holder\":null}}";

    @ParameterizedTest
    @ValueSource(strings = {"lock_queued", "lock_delayed", "limit_mismatch"})
    void lockThatIsKeptIsNoFaultOfTheServer(String code) throws IOException {
        try (RawServer server = RawServer.thatClosesAfter(json("409 Conflict", KEPT.formatted(code)))) {
            LockHeldException kept = assertThrows(
                    LockHeldException.class, () -> server.client(TIMEOUT).acquire("a", AcquireOptions.defaults()));
            assertEquals("Kept.", kept.getMessage());
            assertEquals(code, kept.code().orElseThrow());
            assertNull(kept.holder());
            assertNull(kept.holderId());
        }
    }

    @Test
    void misuseOfALeaseIdIsInvalidAndReleasesNothing() throws IOException {
        String body = "{\"error\":\"Other.\",\"code\":\"lease_mismatch\",\"request_id\":\"r\"}";
        try (RawServer server = RawServer.thatClosesAfter(json("409 Conflict", body))) {
            assertThrows(
                    ValidationException.class, () -> server.client(TIMEOUT).acquire("a", AcquireOptions.defaults()));
        }
    }

    @Test
    void lockCanBeDelayed() throws IOException {
        String body = "{\"status\":\"delayed\",\"name\":\"a\",\"message\":\"Wait.\",\"fencing_token\":7,\"waiters\":1,"
                + "\"available_at\":\"2026-01-02T03:04:05Z\"}";
        try (RawServer server = RawServer.thatClosesAfter(json("200 OK", body))) {
            LockStatus.Delayed delayed = assertInstanceOf(
                    LockStatus.Delayed.class, server.client(TIMEOUT).lockStatus("a"));
            assertEquals(Instant.parse("2026-01-02T03:04:05Z"), delayed.availableAt());
            assertEquals(7, delayed.fencingToken());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no_leader", "shutting_down"})
    void whatCertainlyHadNoEffectIsRepeatedWhateverItIs(String code) throws IOException {
        String body = "{\"error\":\"Later.\",\"code\":\"" + code + "\",\"request_id\":\"r\"}";
        try (RawServer server = RawServer.thatClosesAfter(json("503 Service Unavailable", body))) {
            assertThrows(
                    UnavailableException.class, () -> server.client(TIMEOUT).createSession());
            assertEquals(1 + Rules.REPEATS_MAX, server.requests().size());
        }
    }

    @Test
    void brokenLeaseIsLostEvenIfNoOneSaysWhy() throws IOException {
        String body = "{\"error\":\"Broken.\",\"code\":\"lease_broken\",\"request_id\":\"r\"}";
        try (RawServer server = RawServer.thatClosesAfter(json("410 Gone", body))) {
            OctoStoreClient client = server.client(TIMEOUT);
            assertThrows(NotFoundException.class, () -> client.renew("a", "b", Duration.ofSeconds(60)));
        }
    }

    @Test
    void requestsNameTheLibrary() throws IOException {
        try (RawServer server = RawServer.thatClosesAfter(json("200 OK", "OK"))) {
            assertEquals("OK", server.client(TIMEOUT).health());
            assertTrue(server.heads().contains("user-agent: octostore-java/" + Version.NUMBER));
        }
    }

    private static String json(String status, String body) {
        return "HTTP/1.1 " + status + "\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    }
}
