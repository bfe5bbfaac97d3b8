package io.octostore.client.internal;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One attempt.
 *
 * @param request creates the request for each attempt
 * @param read reads the body of a successful response; throws {@link MalformedException} if it cannot
 */
public record Attempt<T>(Supplier<Request> request, Function<String, T> read) {
    public static <T> Attempt<T> of(Request request, Function<Fields, T> read) {
        return new Attempt<>(() -> request, text -> read.apply(Fields.parse(text)));
    }

    /** For a request whose response has an empty body. */
    public static Attempt<Void> ofNothing(Request request) {
        return new Attempt<>(() -> request, Readers::nothing);
    }
}
