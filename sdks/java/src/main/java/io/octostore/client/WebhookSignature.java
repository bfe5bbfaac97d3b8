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

/** Signatures of webhook messages, by Standard Webhooks. */
public final class WebhookSignature {
    private static final String BASE64_KEY_PREFIX = "whsec_";
    private static final String VERSION_PREFIX = "v1,";
    private static final String ALGORITHM = "HmacSHA256";
    private static final Duration TOLERANCE = Duration.ofSeconds(Rules.WEBHOOK_TOLERANCE_SECONDS);

    private WebhookSignature() {}

    /**
     * Checks that a message was signed with the secret, within the last five minutes. Remember {@code webhook-id} to
     * recognise repeats.
     *
     * @param secret the secret of the webhook
     * @param headers as HTTP servers give them; upper and lower case do not matter
     * @param body exactly the bytes that came
     * @throws WebhookSignatureException if the message is not to be trusted
     */
    public static void verify(String secret, Map<String, List<String>> headers, byte[] body) {
        verify(secret, headers, body, Instant.now());
    }

    /**
     * The same at another time than now.
     *
     * @param secret the secret of the webhook
     * @param headers as HTTP servers give them; upper and lower case do not matter
     * @param body exactly the bytes that came
     * @param now the time that the message may be five minutes off from
     * @throws WebhookSignatureException if the message is not to be trusted
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

    /** The bytes that a base64 text stands for, if it is one. */
    private static Optional<byte[]> bytes(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
