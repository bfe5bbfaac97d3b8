package io.octostore.client.internal;

import io.octostore.client.error.AuthenticationException;
import io.octostore.client.error.ErrorFacts;
import io.octostore.client.error.LeaseBrokenException;
import io.octostore.client.error.LimitException;
import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.error.PermissionException;
import io.octostore.client.error.ServerException;
import io.octostore.client.error.StaleTokenException;
import io.octostore.client.error.UnavailableException;
import io.octostore.client.error.ValidationException;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Interprets responses. */
final class Answers {
    private static final String NOT_UNDERSTOOD = "the answer of the server cannot be understood";
    private static final String LOCK_HELD = "lock_held";
    private static final String STALE_TOKEN = "stale_fencing_token";
    private static final String LEASE_BROKEN = "lease_broken";
    /** The codes of a 409 that says why you cannot have a lock now. */
    private static final Set<String> CONFLICTS = Set.of(LOCK_HELD, "lock_queued", "lock_delayed", "limit_mismatch");
    /** The codes of a 409 about a lease id that is used for several leases. */
    private static final Set<String> MISUSED_IDS = Set.of("lease_mismatch", "ambiguous_lease_id");

    private static final String LIMIT_SUFFIX = "_limit_exceeded";

    private Answers() {}

    /** Reads a successful response with {@code read}. Throws the matching error for any other response. */
    static <T> T resultOf(Answer answer, Function<String, T> read) {
        if (answer.status() / 100 != 2) throw errorOf(answer.status(), answer.headers(), answer.text());
        try {
            return read.apply(answer.text());
        } catch (MalformedException malformed) {
            throw new ServerException(NOT_UNDERSTOOD, ErrorFacts.ofStatus(answer.status()));
        }
    }

    /**
     * The error for an unsuccessful response. Its message quotes only JSON errors: a proxy's error page could contain
     * anything.
     */
    static OctoStoreException errorOf(int status, HttpHeaders headers, String text) {
        Optional<Fields> body = Fields.tryParse(text);
        String message = Stream.of("error", "details")
                .flatMap(name -> body.flatMap(fields -> fields.optionalText(name)).stream())
                .filter(sentence -> !sentence.isBlank())
                .collect(Collectors.joining(" "));
        ErrorFacts facts = factsOf(status, headers, body);
        String shown = message.isEmpty() ? "the server answered with status " + status : message;
        return body.flatMap(fields -> detailedError(shown, facts, fields)).orElseGet(() -> errorOf(shown, facts));
    }

    /** The error for a response with more fields than an error usually has. */
    private static Optional<OctoStoreException> detailedError(String message, ErrorFacts facts, Fields body) {
        try {
            if (facts.status() == 409 && isOneOf(CONFLICTS, facts.code()))
                return Optional.of(heldError(message, facts, body));
            if (facts.status() == 409 && STALE_TOKEN.equals(facts.code()))
                return Optional.of(new StaleTokenException(message, facts, body.number("highest")));
            if (facts.status() == 410 && LEASE_BROKEN.equals(facts.code()) && saysWhy(body))
                return Optional.of(brokenError(message, facts, body));
            return Optional.empty();
        } catch (MalformedException malformed) {
            return Optional.of(new ServerException(NOT_UNDERSTOOD, facts));
        }
    }

    private static boolean saysWhy(Fields body) {
        return Stream.of("reason", "broken_by", "broken_at").allMatch(body::has);
    }

    private static OctoStoreException brokenError(String message, ErrorFacts facts, Fields body) {
        String reason = body.text("reason");
        return new LeaseBrokenException(message, facts, reason, body.text("broken_by"), body.instant("broken_at"));
    }

    private static OctoStoreException errorOf(String message, ErrorFacts facts) {
        return switch (facts.status()) {
            case 401 -> new AuthenticationException(message, facts);
            case 400, 413, 414, 415, 422, 431 -> new ValidationException(message, facts);
            case 409 ->
                isOneOf(MISUSED_IDS, facts.code())
                        ? new ValidationException(message, facts)
                        : new ServerException(message, facts);
            case 404, 410 -> new NotFoundException(message, facts);
            case 429 -> new LimitException(message, facts);
            case 403 ->
                isLimit(facts.code()) ? new LimitException(message, facts) : new PermissionException(message, facts);
            case 502, 503, 504 -> new UnavailableException(message, facts);
            default -> new ServerException(message, facts);
        };
    }

    private static boolean isOneOf(Set<String> codes, String code) {
        return code != null && codes.contains(code);
    }

    private static boolean isLimit(String code) {
        return code != null && code.endsWith(LIMIT_SUFFIX);
    }

    private static OctoStoreException heldError(String message, ErrorFacts facts, Fields body) {
        Fields lock = body.object("lock");
        Optional<String> holder = lock.optionalText("holder");
        Instant expiresAt = body.instant("expires_at");
        boolean isHeld = LOCK_HELD.equals(facts.code()) && holder.isPresent();
        return new LockHeldException(
                isHeld ? heldBy(lock.text("name"), holder.get(), expiresAt) : message,
                facts,
                holder.orElse(null),
                body.optionalText("holder_id").orElse(null),
                expiresAt,
                body.optionalText("metadata").orElse(null),
                new LockHeldException.LineFacts(
                        lock.optionalText("name").orElse(null),
                        number(body, "limit"),
                        number(body, "position"),
                        number(body, "waiters")));
    }

    private static Integer number(Fields body, String name) {
        OptionalLong number = body.optionalNumber(name);
        return number.isPresent() ? Math.toIntExact(number.getAsLong()) : null;
    }

    private static String heldBy(String lock, String holder, Instant expiresAt) {
        Instant end = expiresAt.truncatedTo(ChronoUnit.SECONDS);
        return "The lock \"" + lock + "\" is held by " + holder + " (until " + end + ").";
    }

    private static ErrorFacts factsOf(int status, HttpHeaders headers, Optional<Fields> body) {
        Optional<String> code = body.flatMap(fields -> fields.optionalText("code"));
        Optional<String> requestId =
                body.flatMap(fields -> fields.optionalText("request_id")).or(() -> headers.firstValue("x-request-id"));
        Optional<Duration> retryAfter = body.flatMap(Answers::retryAfterMs)
                .or(() -> headers.firstValue("retry-after").flatMap(Answers::retryAfter));
        return new ErrorFacts(code.orElse(null), status, requestId.orElse(null), retryAfter.orElse(null));
    }

    private static Optional<Duration> retryAfterMs(Fields body) {
        return body.optionalNumber("retry_after_ms").stream()
                .mapToObj(Duration::ofMillis)
                .findFirst();
    }

    /** The header holds seconds or a date. */
    private static Optional<Duration> retryAfter(String value) {
        try {
            if (value.matches("\\d{1,9}")) return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
            Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
            return Optional.of(Moment.max(Duration.ZERO, Duration.between(Instant.now(), until)));
        } catch (DateTimeException neither) {
            return Optional.empty();
        }
    }
}
