package io.octostore.client.internal;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One attempt at something.
 *
 * @param request makes what is sent, anew for each attempt
 * @param read reads the body of a success; throws {@link MalformedException} if it cannot be understood
 */
public record Attempt<T>(Supplier<Request> request, Function<String, T> read) {
    public static <T> Attempt<T> of(Request request, Function<Fields, T> read) {
        return new Attempt<>(() -> request, text -> read.apply(Fields.parse(text)));
    }

    /** Of something that is answered with an empty body. */
    public static Attempt<Void> ofNothing(Request request) {
        return new Attempt<>(() -> request, Readers::nothing);
    }
}
