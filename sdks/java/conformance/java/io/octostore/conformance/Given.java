package io.octostore.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a request holds. */
record Given(Map<String, Object> members) {
    boolean has(String name) {
        return members.get(name) != null;
    }

    /** Whether it is there, and null. */
    boolean isNull(String name) {
        return members.containsKey(name) && members.get(name) == null;
    }

    boolean isList(String name) {
        return members.get(name) instanceof List<?>;
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(members.get(name));
    }

    String text(String name) {
        return optionalText(name).orElseThrow(() -> new IllegalArgumentException("there is no " + name));
    }

    Optional<String> optionalText(String name) {
        return Optional.ofNullable(members.get(name)).map(String.class::cast);
    }

    long number(String name) {
        return ((Number) members.get(name)).longValue();
    }

    Duration seconds(String name) {
        return optionalSeconds(name).orElseThrow(() -> new IllegalArgumentException("there is no " + name));
    }

    Optional<Duration> optionalSeconds(String name) {
        return Optional.ofNullable(members.get(name))
                .map(Number.class::cast)
                .map(seconds -> Duration.ofMillis(Math.round(seconds.doubleValue() * 1000)));
    }

    Optional<Duration> optionalMillis(String name) {
        return Optional.ofNullable(members.get(name))
                .map(Number.class::cast)
                .map(millis -> Duration.ofMillis(millis.longValue()));
    }

    List<String> texts(String name) {
        return ((List<?>) members.get(name)).stream().map(String.class::cast).toList();
    }

    Map<String, List<String>> headers() {
        return ((Map<?, ?>) members.get("headers"))
                .entrySet().stream()
                        .collect(Collectors.toMap(
                                entry -> (String) entry.getKey(), entry -> List.of((String) entry.getValue())));
    }
}
