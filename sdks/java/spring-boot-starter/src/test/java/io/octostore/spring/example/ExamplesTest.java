package io.octostore.spring.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.spring.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The examples of the README are classes of these tests. */
class ExamplesTest {
    private static final Path SOURCES = Path.of("src/test/java/io/octostore/spring/example");
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final String EVERY_SECOND = "* * * * * *";

    @EnableScheduling
    @EnableAutoConfiguration
    @Configuration(proxyBeanMethods = false)
    @Import({OrderService.class, InvoicesJob.class, Scheduler.class})
    static class Application {}

    @Test
    void theReadmeShowsWhatIsTestedHere() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String sources = sourceOf("OrderService") + sourceOf("InvoicesJob") + sourceOf("Scheduler");
        assertEquals(
                3,
                EXAMPLE.matcher(readme)
                        .results()
                        .map(it -> it.group(1))
                        .filter(sources::contains)
                        .count());
        assertEquals(3, EXAMPLE.matcher(readme).results().count());
    }

    @Test
    void theExamplesRun() throws InterruptedException {
        Scheduler scheduler;
        try (ConfigurableApplicationContext context = TestServer.start(
                Application.class, "octostore.election.name=scheduler", "invoices.schedule=" + EVERY_SECOND)) {
            String shipped = context.getBean(OrderService.class).ship("7");
            assertTrue(shipped.matches("order 7 is shipped with the fencing token \\d+"), shipped);
            scheduler = context.getBean(Scheduler.class);
            TestServer.await(() -> scheduler.state().matches("leads with the fencing token \\d+"));
            TestServer.await(() -> context.getBean(InvoicesJob.class).lastFence() > 0);
        }
        assertEquals("follows", scheduler.state());
    }

    private static String sourceOf(String name) throws IOException {
        String source = Files.readString(SOURCES.resolve(name + ".java"));
        return source.substring(source.indexOf("import "));
    }
}
