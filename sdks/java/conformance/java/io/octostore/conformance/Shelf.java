package io.octostore.conformance;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Things by their names. */
final class Shelf<T> {
    private final Map<String, T> things = new ConcurrentHashMap<>();

    T put(String name, T thing) {
        things.put(name, thing);
        return thing;
    }

    T get(String name) {
        return Optional.ofNullable(things.get(name))
                .orElseThrow(() -> new IllegalArgumentException("there is nothing called " + name));
    }
}
