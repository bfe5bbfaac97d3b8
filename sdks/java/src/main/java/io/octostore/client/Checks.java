package io.octostore.client;

import io.octostore.client.error.ValidationException;
import io.octostore.client.internal.Rules;
import io.octostore.client.model.LockMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Checks before anything is sent. Each throws {@link ValidationException}. */
final class Checks {
    private static final Pattern NAME = Pattern.compile(Rules.LOCK_NAME_PATTERN);
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    private static final int LOCK_DELAY_SECONDS_MAX = 60;
    /** The largest number that every language can read from JSON. */
    private static final long FENCING_TOKEN_MAX = (1L << 53) - 1;

    private Checks() {}

    /** Checks that the server accepts this lock name. */
    static void name(String name) {
        check(
                name.length() <= Rules.LOCK_NAME_LENGTH_MAX,
                "A lock name must have at most " + Rules.LOCK_NAME_LENGTH_MAX + " characters.");
        check(
                NAME.matcher(name).matches(),
                "A lock name consists of components of letters, digits, '.', '_' and '-', separated by single slashes.");
        for (String component : name.split("/")) nameComponent(component);
    }

    /** Checks that this is a valid TTL for a lease. */
    static void ttl(Duration ttl) {
        wholeSeconds("TTL", ttl, Rules.TTL_SECONDS_MIN, Rules.TTL_SECONDS_MAX);
    }

    /** Checks that this is a valid TTL for a session. */
    static void sessionTtl(Duration ttl) {
        wholeSeconds("TTL", ttl, Rules.SESSION_TTL_SECONDS_MIN, Rules.SESSION_TTL_SECONDS_MAX);
    }

    static void waitAtMost(Duration wait) {
        check(!wait.isNegative(), "The time to wait must not be negative.");
    }

    /** Checks that one request can wait for that long. */
    static Duration waitSlice(Duration slice) {
        wholeSeconds("slice of a wait", slice, 1, Rules.WAIT_SECONDS_PER_REQUEST_MAX);
        return slice;
    }

    /** Checks what can be said about an acquire, whatever it locks. */
    static void acquire(AcquireOptions options) {
        ttl(options.ttl());
        waitAtMost(options.waitAtMost());
        wholeSeconds("lock delay", options.lockDelay(), 0, LOCK_DELAY_SECONDS_MAX);
        wholeSeconds(
                "minimum hold",
                options.minHold(),
                0,
                Math.toIntExact(options.ttl().toSeconds()));
    }

    /** Checks that a lock can be held like that. */
    static void hold(LockMode mode, OptionalInt limit, OptionalInt permits) {
        check(
                (mode == LockMode.COUNTED) == limit.isPresent(),
                "A counted lock needs a limit, and only a counted lock has one.");
        check(permits.isEmpty() || limit.isPresent(), "Only a counted lock has permits.");
    }

    /** Checks that there is a lock to acquire. */
    static void someLocks(List<WantedLock> locks) {
        check(!locks.isEmpty(), "There must be at least one lock.");
    }

    /** Checks that a lock that is held can be converted to this mode. */
    static void convertible(LockMode mode) {
        check(mode != LockMode.COUNTED, "A lock can be converted to exclusive or shared only.");
    }

    /** Checks that the server can have issued this token. */
    static long fencingToken(long token) {
        check(
                token >= 1 && token <= FENCING_TOKEN_MAX,
                "A fencing token must be a number from 1 to " + FENCING_TOKEN_MAX + ".");
        return token;
    }

    static void timeout(Duration timeout) {
        check(!timeout.isNegative() && !timeout.isZero(), "The time-out must be longer than nothing.");
    }

    /** Checks that the HTTP client shows our token to no other server. */
    static HttpClient httpClient(HttpClient client) {
        check(
                client.followRedirects() == HttpClient.Redirect.NEVER,
                "The HTTP client must not follow redirects: build it with followRedirects(NEVER).");
        return client;
    }

    /** All base URLs, of which each text can have several, separated by commas. */
    static List<String> baseUrls(List<String> texts) {
        List<String> urls = texts.stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(Checks::baseUrl)
                .distinct()
                .toList();
        check(!urls.isEmpty(), "There must be a base URL.");
        return urls;
    }

    /** The base URL without a trailing slash. It is never quoted, because a URL can contain credentials. */
    static String baseUrl(String text) {
        URI url = parsed(text);
        String scheme = String.valueOf(url.getScheme());
        check(
                scheme.matches("(?i)https?") && url.getRawAuthority() != null,
                "The base URL must be an http or https URL.");
        check(
                url.getRawUserInfo() == null && !url.getRawAuthority().contains("@"),
                "The base URL must not hold credentials: give the token by itself.");
        check(url.getHost() != null, "The base URL must name a host.");
        return (scheme + "://" + url.getRawAuthority() + url.getRawPath()).replaceAll("/+$", "");
    }

    /** Checks that the token can be sent in a header. It is never quoted. */
    static String token(String token) {
        check(TOKEN.matcher(token).matches(), "The token must consist of visible ASCII characters.");
        return token;
    }

    private static URI parsed(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException quotesTheText) {
            throw new ValidationException("The base URL must be an http or https URL.");
        }
    }

    private static void nameComponent(String component) {
        check(
                component.length() <= Rules.LOCK_NAME_COMPONENT_LENGTH_MAX,
                "Each component of a lock name must have at most " + Rules.LOCK_NAME_COMPONENT_LENGTH_MAX
                        + " characters.");
        check(!component.equals(".") && !component.equals(".."), "A component of a lock name must not be '.' or '..'.");
    }

    private static void wholeSeconds(String what, Duration duration, int min, int max) {
        boolean isWhole = duration.getNano() == 0;
        check(
                isWhole && duration.getSeconds() >= min && duration.getSeconds() <= max,
                "The " + what + " must be a whole number of seconds from " + min + " to " + max + ".");
    }

    private static void check(boolean isRight, String otherwise) {
        if (!isRight) throw new ValidationException(otherwise);
    }
}
