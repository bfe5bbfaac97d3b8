package io.octostore.conformance;

import io.octostore.client.WantedLock;
import java.time.Duration;
import java.util.HashMap;
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

    int wholeNumber(String name) {
        return Math.toIntExact(number(name));
    }

    boolean isShared() {
        return optionalText("mode").filter("shared"::equals).isPresent();
    }

    Optional<Given> optionalMembers(String name) {
        return Optional.ofNullable(members.get(name)).map(Given::of);
    }

    List<WantedLock> wantedLocks() {
        return ((List<?>) members.get("locks"))
                .stream().map(Given::of).map(Given::wantedLock).toList();
    }

    private WantedLock wantedLock() {
        String name = text("name");
        if (has("limit")) {
            WantedLock one = WantedLock.counted(name, wholeNumber("limit"));
            return has("permits") ? one.withPermits(wholeNumber("permits")) : one;
        }
        return isShared() ? WantedLock.shared(name) : WantedLock.exclusive(name);
    }

    private static Given of(Object value) {
        Map<String, Object> members = new HashMap<>();
        ((Map<?, ?>) value).forEach((name, member) -> members.put((String) name, member));
        return new Given(members);
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
