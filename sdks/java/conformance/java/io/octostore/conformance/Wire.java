package io.octostore.conformance;

import io.octostore.client.error.AuthenticationException;
import io.octostore.client.error.CallTimeoutException;
import io.octostore.client.error.LeaseBrokenException;
import io.octostore.client.error.LimitException;
import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.LockLostException;
import io.octostore.client.error.LostException;
import io.octostore.client.error.NetworkException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.error.PermissionException;
import io.octostore.client.error.ServerException;
import io.octostore.client.error.StaleTokenException;
import io.octostore.client.error.UnavailableException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.error.WebhookSignatureException;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LockStatus;
import io.octostore.client.model.WatchUpdate;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Values of the SDK as the server's JSON has them. */
final class Wire {
    private static final Map<Class<? extends OctoStoreException>, String> TYPES = Map.ofEntries(
            Map.entry(AuthenticationException.class, "authentication"),
            Map.entry(CallTimeoutException.class, "timeout"),
            Map.entry(LimitException.class, "limit"),
            Map.entry(LockHeldException.class, "held"),
            Map.entry(LeaseBrokenException.class, "not_found"),
            Map.entry(LockLostException.class, "lost"),
            Map.entry(StaleTokenException.class, "stale"),
            Map.entry(LostException.class, "not_found"),
            Map.entry(NetworkException.class, "network"),
            Map.entry(NotFoundException.class, "not_found"),
            Map.entry(PermissionException.class, "permission"),
            Map.entry(ServerException.class, "server"),
            Map.entry(UnavailableException.class, "unavailable"),
            Map.entry(ValidationException.class, "validation"),
            Map.entry(WebhookSignatureException.class, "signature"));

    private Wire() {}

    static Object of(Object value) {
        if (value instanceof LockStatus.Held held)
            return merged(
                    of(held.lock()),
                    "status",
                    "held",
                    "waiters",
                    held.waiters(),
                    "holder_count",
                    held.holderCount(),
                    "permits_in_use",
                    of(held.permitsInUse()),
                    "holders",
                    of(held.holders()));
        if (value instanceof Lease lease) return joined(members(lease.locks().get(0)), members(lease));
        if (value instanceof LockStatus.Available available) return merged(members(available), "status", "available");
        if (value instanceof LockStatus.Delayed delayed) return merged(members(delayed), "status", "delayed");
        if (value instanceof Record fields) return members(fields);
        if (value instanceof Optional<?> optional) return optional.map(Wire::of).orElse(null);
        if (value instanceof OptionalLong optional) return optional.isPresent() ? optional.getAsLong() : null;
        if (value instanceof OptionalInt optional) return optional.isPresent() ? optional.getAsInt() : null;
        if (value instanceof Collection<?> list)
            return list.stream().map(Wire::of).toList();
        if (value instanceof Enum<?> choice) return choice.name().toLowerCase(Locale.ROOT);
        if (value instanceof Instant instant) return instant.toString();
        return value;
    }

    static Object update(WatchUpdate<?> update) {
        if (update instanceof WatchUpdate.State<?> state) return merged(of(state.state()), "type", "state");
        if (update instanceof WatchUpdate.Event<?> event)
            return merged(of(event.event()), "type", of(event.event().event()));
        return merged(of(update), "type", "reset");
    }

    static Map<String, Object> error(RuntimeException error) {
        if (error instanceof OctoStoreException known) return error(known);
        return Map.of("type", "program", "message", error.getMessage());
    }

    private static Map<String, Object> error(OctoStoreException error) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("type", TYPES.get(error.getClass()));
        facts.put("message", error.getMessage());
        facts.put("code", of(error.code()));
        facts.put("status", error.status().isPresent() ? error.status().getAsInt() : null);
        facts.put("request_id", of(error.requestId()));
        facts.put("retry_after_ms", error.retryAfter().map(Duration::toMillis).orElse(null));
        if (error instanceof LockHeldException held) {
            facts.put("holder", held.holder());
            facts.put("holder_id", held.holderId());
            facts.put("expires_at", of(held.expiresAt()));
            facts.put("metadata", of(held.metadata()));
            facts.put("lock", of(held.lock()));
            facts.put("limit", of(held.limit()));
            facts.put("position", of(held.position()));
            facts.put("waiters", of(held.waiters()));
        }
        if (error instanceof StaleTokenException stale) facts.put("highest", stale.highest());
        if (error instanceof LeaseBrokenException broken) {
            facts.put("reason", broken.reason());
            facts.put("broken_by", broken.brokenBy());
            facts.put("broken_at", of(broken.brokenAt()));
        }
        if (error instanceof AuthenticationException && error.getCause() != null)
            facts.put("cause", error.getCause().getMessage());
        return facts;
    }

    static Map<String, Object> members(Record value) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object member = member(value, component);
            String name = snakeCased(component.getName());
            if (member instanceof Duration duration) putDuration(members, name, duration);
            else members.put(name, of(member));
        }
        return members;
    }

    /** Durations have their units in their names. */
    private static void putDuration(Map<String, Object> members, String name, Duration duration) {
        switch (name) {
            case "keepalive_interval" -> members.put("keepalive_interval_secs", duration.toSeconds());
            case "uptime" -> members.put("uptime_seconds", duration.toSeconds());
            default -> members.put(name + "_ms", duration.toMillis());
        }
    }

    private static Object member(Record value, RecordComponent component) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Map<String, Object> merged(Object object, Object... more) {
        Map<String, Object> members = new LinkedHashMap<>();
        ((Map<?, ?>) object).forEach((name, value) -> members.put((String) name, value));
        for (int at = 0; at < more.length; at += 2) members.put((String) more[at], more[at + 1]);
        return members;
    }

    private static Map<String, Object> joined(Map<String, Object> one, Map<String, Object> other) {
        Map<String, Object> all = new LinkedHashMap<>(one);
        all.putAll(other);
        return all;
    }

    private static String snakeCased(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
