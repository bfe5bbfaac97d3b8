package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.octostore.client.error.WebhookSignatureException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the conformance suite cannot ask: the defaults, and the kinds of headers that Java programs have. */
class WebhookSignatureTest {
    private static final byte[] BODY = "{\"event\":\"acquired\",\"lock\":\"ä/b\"}".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, List<String>> HEADERS = Map.of(
            "Webhook-Id", List.of("msg-1"),
            "Webhook-Timestamp", List.of("1700000000"),
            "Webhook-Signature", List.of("v1,vG/ifyxIfIv/97d0aQwilDkYyc3k/CLKaBDDCH/ejik="));

    @Test
    void takesTheHeadersOfTheJdk() {
        HttpHeaders headers = HttpHeaders.of(HEADERS, (name, value) -> true);
        Instant now = Instant.ofEpochSecond(1_700_000_000);
        assertDoesNotThrow(() -> WebhookSignature.verify("a-secret", headers.map(), BODY, now));
    }

    @Test
    void refusesAnOldMessageNow() {
        assertThrows(WebhookSignatureException.class, () -> WebhookSignature.verify("a-secret", HEADERS, BODY));
    }

    @Test
    void refusesAMessageWithoutHeaders() {
        assertThrows(WebhookSignatureException.class, () -> WebhookSignature.verify("a-secret", Map.of(), BODY));
    }
}
