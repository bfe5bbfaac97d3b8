package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.octostore.client.error.ValidationException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b.c/_-", "...", "..a/b..", "A0/z9"})
    void takesNames(String name) {
        assertDoesNotThrow(() -> Checks.name(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a/", "/a", "a//b", ".", "..", "a/..", "a b", "a\n", "ä", "a%2Fb"})
    void refusesNames(String name) {
        assertThrows(ValidationException.class, () -> Checks.name(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT1.5S", "PT3600.000000001S", "PT1H1S"})
    void refusesTtls(Duration ttl) {
        assertThrows(ValidationException.class, () -> Checks.ttl(ttl));
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:3000, http://localhost:3000",
        "HTTPS://octo.test/, HTTPS://octo.test",
        "https://octo.test/locks//, https://octo.test/locks",
        "http://[::1]:3000/?a=b#c, http://[::1]:3000",
    })
    void takesBaseUrls(String given, String used) {
        assertEquals(used, Checks.baseUrl(given));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret",
                "ftp://secret/",
                "http:secret",
                "http:///secret",
                "http://me:secret@localhost",
                "http://secret@localhost:3000",
                "http://{secret}@localhost",
                "http://localhost:secret/",
            })
    void refusesBaseUrlsWithoutQuotingThem(String url) {
        ValidationException error = assertThrows(ValidationException.class, () -> Checks.baseUrl(url));
        assertFalse(error.toString().contains("secret"));
        assertEquals(null, error.getCause());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret token", "secret\nx: y", "secrét"})
    void refusesTokensWithoutQuotingThem(String token) {
        OctoStoreClientBuilder builder = OctoStoreClient.builder().token(token);
        ValidationException error = assertThrows(ValidationException.class, builder::build);
        assertFalse(error.toString().contains("secr"));
    }
}
