package io.octostore.client.internal;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The members of a JSON object, with their types checked. Throws {@link MalformedException} if one is missing or has
 * another type.
 */
public final class Fields {
    private final Map<?, ?> members;

    private Fields(Map<?, ?> members) {
        this.members = members;
    }

    /** Parses a text that is a JSON object. */
    public static Fields parse(String text) {
        return of(Json.read(text));
    }

    /** Parses a text that is a list of JSON objects. */
    public static <T> List<T> parseList(String text, Function<Fields, T> read) {
        return listOf(Json.read(text), value -> read.apply(of(value)));
    }

    /** Empty unless the text is an object. */
    static Optional<Fields> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (MalformedException notAnObject) {
            return Optional.empty();
        }
    }

    private static Fields of(Object value) {
        if (value instanceof Map<?, ?> members) return new Fields(members);
        throw new MalformedException("not an object");
    }

    public String text(String name) {
        return optionalText(name).orElseThrow(() -> nothingIn(name));
    }

    /** A whole number. */
    public long number(String name) {
        return optionalNumber(name).orElseThrow(() -> nothingIn(name));
    }

    public boolean flag(String name) {
        if (members.get(name) instanceof Boolean flag) return flag;
        throw nothingIn(name);
    }

    public Instant instant(String name) {
        return optionalInstant(name).orElseThrow(() -> nothingIn(name));
    }

    /** A constant of an enum, written in lower case. */
    public <E extends Enum<E>> E choice(String name, Class<E> choices) {
        String text = text(name);
        for (E choice : choices.getEnumConstants()) {
            if (choice.name().equalsIgnoreCase(text)) return choice;
        }
        throw nothingIn(name);
    }

    public Fields object(String name) {
        return of(members.get(name));
    }

    public <T> List<T> objects(String name, Function<Fields, T> read) {
        return listOf(members.get(name), value -> read.apply(of(value)));
    }

    public List<String> texts(String name) {
        return listOf(members.get(name), value -> {
            if (value instanceof String text) return text;
            throw nothingIn(name);
        });
    }

    public boolean has(String name) {
        return members.get(name) != null;
    }

    /** Whole numbers; none if there is no such list. */
    public List<Long> numbers(String name) {
        if (!has(name)) return List.of();
        return listOf(members.get(name), value -> whole(value).orElseThrow(() -> nothingIn(name)));
    }

    public Optional<String> optionalText(String name) {
        return members.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    public OptionalLong optionalNumber(String name) {
        return whole(members.get(name));
    }

    public Optional<Instant> optionalInstant(String name) {
        try {
            return optionalText(name).map(Instant::parse);
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    private static OptionalLong whole(Object value) {
        boolean isWhole = value instanceof Integer || value instanceof Long;
        return isWhole ? OptionalLong.of(((Number) value).longValue()) : OptionalLong.empty();
    }

    private static <T> List<T> listOf(Object value, Function<Object, T> read) {
        if (!(value instanceof List<?> list)) throw new MalformedException("not a list");
        return list.stream().<T>map(read).toList();
    }

    private static MalformedException nothingIn(String name) {
        return new MalformedException("nothing useful in " + name);
    }
}
