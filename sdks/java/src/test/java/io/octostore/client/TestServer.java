package io.octostore.client;

import io.octostore.client.model.LockStatus;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** The server that the environment names, and two users of it. */
final class TestServer {
    private TestServer() {}

    static String url() {
        return variable("OCTOSTORE_BASE_URL");
    }

    static String token() {
        return variable("OCTOSTORE_TOKEN");
    }

    static OctoStoreClient client() {
        return OctoStoreClient.builder().build();
    }

    static OctoStoreClient otherClient() {
        return OctoStoreClient.builder()
                .token(variable("OCTOSTORE_OTHER_TOKEN"))
                .build();
    }

    /** A lock name that nothing else uses. */
    static String newName() {
        return "java-test/" + UUID.randomUUID();
    }

    static boolean isHeld(String name) {
        return otherClient().lockStatus(name) instanceof LockStatus.Held;
    }

    static void awaitWaiter(String name) throws InterruptedException {
        await(() -> otherClient().lockStatus(name).waiters() == 1);
    }

    /** Asks the server until something is so, which it tells to nobody. The time-out of the test bounds it. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) Thread.sleep(20);
    }

    private static String variable(String name) {
        return Objects.requireNonNull(System.getenv(name), name + " must name a running server or a token for it");
    }
}
