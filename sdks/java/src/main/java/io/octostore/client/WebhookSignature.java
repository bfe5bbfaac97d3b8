package io.octostore.client;

import io.octostore.client.error.WebhookSignatureException;
import io.octostore.client.internal.Rules;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Standard Webhooks signatures of webhook deliveries. */
public final class WebhookSignature {
    private static final String BASE64_KEY_PREFIX = "whsec_";
    private static final String VERSION_PREFIX = "v1,";
    private static final String ALGORITHM = "HmacSHA256";
    private static final Duration TOLERANCE = Duration.ofSeconds(Rules.WEBHOOK_TOLERANCE_SECONDS);

    private WebhookSignature() {}

    /**
     * Checks that a delivery was signed with the secret, with a timestamp at most five minutes off. Remember
     * {@code webhook-id} to recognise repeats.
     *
     * @param secret the secret of the webhook
     * @param headers as HTTP servers provide them, in any letter case
     * @param body exactly the bytes received
     * @throws WebhookSignatureException if the delivery must not be trusted
     */
    public static void verify(String secret, Map<String, List<String>> headers, byte[] body) {
        verify(secret, headers, body, Instant.now());
    }

    /**
     * The same for a given time instead of now.
     *
     * @param secret the secret of the webhook
     * @param headers as HTTP servers provide them, in any letter case
     * @param body exactly the bytes received
     * @param now the time to compare the timestamp with
     * @throws WebhookSignatureException if the delivery must not be trusted
     */
    public static void verify(String secret, Map<String, List<String>> headers, byte[] body, Instant now) {
        String id = header(headers, "webhook-id");
        String timestamp = header(headers, "webhook-timestamp");
        Duration age = Duration.between(time(timestamp), now).abs();
        if (age.compareTo(TOLERANCE) > 0) throw new WebhookSignatureException("the time stamp is too far off");
        byte[] expected = sign(key(secret), id + "." + timestamp + ".", body);
        boolean matches = signatures(header(headers, "webhook-signature"))
                .anyMatch(signature -> MessageDigest.isEqual(expected, signature));
        if (!matches) throw new WebhookSignatureException("the signature does not match");
    }

    private static String header(Map<String, List<String>> headers, String name) {
        return headers.entrySet().stream()
                .filter(entry -> name.equalsIgnoreCase(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .findFirst()
                .orElse("");
    }

    private static Instant time(String timestamp) {
        if (timestamp.matches("\\d{1,12}")) return Instant.ofEpochSecond(Long.parseLong(timestamp));
        throw new WebhookSignatureException("the time stamp is missing or no number");
    }

    private static SecretKeySpec key(String secret) {
        Optional<byte[]> key = secret.startsWith(BASE64_KEY_PREFIX)
                ? bytes(secret.substring(BASE64_KEY_PREFIX.length()))
                : Optional.of(secret.getBytes(StandardCharsets.UTF_8));
        return key.filter(bytes -> bytes.length > 0)
                .map(bytes -> new SecretKeySpec(bytes, ALGORITHM))
                .orElseThrow(() -> new WebhookSignatureException("the secret holds no key"));
    }

    private static byte[] sign(SecretKeySpec key, String start, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(start.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
        }
    }

    private static Stream<byte[]> signatures(String header) {
        return Arrays.stream(header.split(" "))
                .filter(entry -> entry.startsWith(VERSION_PREFIX))
                .flatMap(entry -> bytes(entry.substring(VERSION_PREFIX.length())).stream());
    }

    /** Decodes base64. Empty if the text is not base64. */
    private static Optional<byte[]> bytes(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
