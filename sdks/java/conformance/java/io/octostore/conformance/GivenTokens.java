package io.octostore.conformance;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** A function that gives tokens one after the other, and at the end the last one again and again, or an error. */
final class GivenTokens implements Supplier<String> {
    private final Given given;
    private int asked;

    GivenTokens(Given given) {
        this.given = given;
    }

    @Override
    public synchronized String get() {
        given.optionalMillis("delay_ms").ifPresent(GivenTokens::pause);
        List<String> tokens = given.texts("tokens");
        int at = asked++;
        if (at < tokens.size()) return tokens.get(at);
        if (given.has("fails")) throw new ProgramException(given.text("fails"));
        return tokens.get(tokens.size() - 1);
    }

    private static void pause(Duration delay) {
        try {
            Thread.sleep(delay.toMillis());
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
