package io.octostore.spring;

import io.octostore.client.OctoStoreClient;
import io.octostore.client.model.LockStatus;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The server that the environment names, and applications that use it. */
public final class TestServer {
    private TestServer() {}

    /** Starts an application as a user of the server. */
    public static ConfigurableApplicationContext start(Class<?> application, String... properties) {
        return startAt(variable("OCTOSTORE_BASE_URL"), application, properties);
    }

    /** Starts an application that finds the server at this address. */
    static ConfigurableApplicationContext startAt(String url, Class<?> application, String... properties) {
        // Arguments take precedence over the environment, which names the server too.
        String[] arguments = Stream.concat(Stream.of("octostore.base-url=" + url), Arrays.stream(properties))
                .map(property -> "--" + property)
                .toArray(String[]::new);
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .run(arguments);
    }

    /** Another user. */
    static OctoStoreClient otherClient() {
        return OctoStoreClient.builder()
                .token(variable("OCTOSTORE_OTHER_TOKEN"))
                .build();
    }

    /** A lock name that nothing else uses. */
    static String newName() {
        return "spring-test/" + UUID.randomUUID();
    }

    static boolean isHeld(String name) {
        return otherClient().lockStatus(name) instanceof LockStatus.Held;
    }

    /** Asks until something is so. The timeout of the test bounds it. */
    public static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) Thread.sleep(20);
    }

    private static String variable(String name) {
        return Objects.requireNonNull(System.getenv(name), name + " must name a running server or a token for it");
    }
}
