package io.octostore.client;

import io.octostore.client.internal.Background;
import io.octostore.client.internal.Rules;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the clients with {@code releaseOnExit} have open, in this JVM. A shutdown hook closes it: it also runs on SIGINT
 * and SIGTERM, beside the hooks of the program.
 */
final class OpenAtExit {
    private static final Set<Ending> OPEN = ConcurrentHashMap.newKeySet();

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(OpenAtExit::closeAll, "octostore-exit"));
        } catch (IllegalStateException alreadyExiting) {
            // What is opened now expires on its own.
        }
    }

    private OpenAtExit() {}

    static void add(Ending ending) {
        OPEN.add(ending);
        ending.keeper().over().thenRunAsync(() -> removeOnceEnded(ending), Background.workers());
    }

    private static void removeOnceEnded(Ending ending) {
        ending.begun()
                .orElseGet(() -> CompletableFuture.completedFuture(null))
                .whenComplete((done, error) -> OPEN.remove(ending));
    }

    private static void closeAll() {
        CompletableFuture<?>[] ends = OPEN.stream().map(Ending::end).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(Rules.CLOSE_MS_MAX_WHEN_LOST, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException expiresOnItsOwn) {
            // There is no one left to tell.
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }
}
