package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The text forms of all values, of which programs log some. */
class TextFormsTest {
    private static final String HIDDEN = "b7b5e3c2-hidden";
    private static final Set<String> SECRETS = Set.of("leaseId", "secret", "proof", "url");

    static Stream<Class<?>> records() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of("src/main/java/io/octostore/client/model"))) {
            files = all.filter(file -> !file.endsWith("package-info.java")).toList();
        }
        return files.stream().map(TextFormsTest::classOf).flatMap(TextFormsTest::recordsIn);
    }

    @ParameterizedTest
    @MethodSource("records")
    void haveNoSecrets(Class<?> type) throws ReflectiveOperationException {
        String text = sample(type).toString();
        assertFalse(text.contains(HIDDEN), text);
        assertTrue(text.startsWith(type.getSimpleName()), text);
    }

    private static Object sample(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        Object[] values = new Object[components.length];
        for (int at = 0; at < values.length; at++) {
            values[at] = value(components[at].getName(), components[at].getGenericType());
        }
        return constructor.newInstance(values);
    }

    private static Object value(String name, Type type) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType generic) {
            Object value = value(name, generic.getActualTypeArguments()[0]);
            return generic.getRawType() == Optional.class ? Optional.of(value) : List.of(value);
        }
        if (type instanceof Class<?> known) return plain(name, known);
        return "state"; // The state of a watch, of any type.
    }

    private static Object plain(String name, Class<?> type) throws ReflectiveOperationException {
        if (type == String.class) return SECRETS.contains(name) ? "https://host.test/" + HIDDEN : "text";
        if (type == long.class || type == Long.class) return 7L;
        if (type == int.class || type == Integer.class) return 7;
        if (type == boolean.class) return true;
        if (type == Instant.class) return Instant.EPOCH;
        if (type == Duration.class) return Duration.ofSeconds(1);
        if (type == OptionalLong.class) return OptionalLong.of(7);
        if (type == OptionalInt.class) return OptionalInt.of(7);
        return type.isEnum() ? type.getEnumConstants()[0] : sample(type);
    }

    private static Class<?> classOf(Path file) {
        try {
            String name = file.getFileName().toString().replace(".java", "");
            return Class.forName("io.octostore.client.model." + name);
        } catch (ClassNotFoundException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Stream<Class<?>> recordsIn(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Arrays.stream(type.getDeclaredClasses()).filter(Class::isRecord);
    }
}
