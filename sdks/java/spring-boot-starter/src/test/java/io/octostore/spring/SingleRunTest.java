package io.octostore.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.HoldOptions;
import io.octostore.client.LockHandle;
import io.octostore.client.error.LockHeldException;
import io.octostore.client.model.LockStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

class SingleRunTest {
    private static final AtomicInteger RUNS = new AtomicInteger();

    @EnableScheduling
    @EnableAutoConfiguration
    @Configuration(proxyBeanMethods = false)
    @Import(Job.class)
    static class Application {}

    @EnableAutoConfiguration
    @Configuration(proxyBeanMethods = false)
    @Import(Job.class)
    static class ApplicationWithoutSchedule {}

    static class Job {
        private final CountDownLatch ticks = new CountDownLatch(5);

        @Scheduled(fixedDelay = 10)
        @SingleRun(name = "${job}", atLeast = "1h")
        public void run() {
            RUNS.incrementAndGet();
        }

        /** Scheduled on the same thread, so between two ticks there was an attempt to run. */
        @Scheduled(fixedDelay = 10)
        public void tick() {
            ticks.countDown();
        }

        public void awaitTicks() throws InterruptedException {
            ticks.await();
        }

        @SingleRun(name = "${job}/again", atLeast = "0s")
        public void runAgain() {
            RUNS.incrementAndGet();
        }

        @SingleRun(name = "${job}/failing", atLeast = "0s")
        public void fail() {
            TestServer.otherClient().hold("spring-test/printer", HoldOptions.defaults());
        }

        @SingleRun(name = "${job}/result")
        public int answer() {
            return 42;
        }
    }

    @Test
    void oneReplicaRunsAScheduledMethod() throws InterruptedException {
        String name = "job=" + TestServer.newName();
        RUNS.set(0);
        try (ConfigurableApplicationContext one = TestServer.start(Application.class, name);
                ConfigurableApplicationContext two = TestServer.start(Application.class, name)) {
            one.getBean(Job.class).awaitTicks();
            two.getBean(Job.class).awaitTicks();
        }
        assertEquals(1, RUNS.get());
    }

    /** The replica whose clock is ahead is done, and has even ended, when the other one asks. */
    @Test
    void theServerKeepsTheLockForAsLongAsTheReplicasMayDiffer() throws InterruptedException {
        String name = TestServer.newName();
        RUNS.set(0);
        try (ConfigurableApplicationContext ahead = TestServer.start(Application.class, "job=" + name)) {
            ahead.getBean(Job.class).awaitTicks();
        }
        Instant availableAt = assertInstanceOf(
                        LockStatus.Delayed.class, TestServer.otherClient().lockStatus(name))
                .availableAt();
        assertTrue(availableAt.isAfter(Instant.now().plus(Duration.ofMinutes(50))), availableAt::toString);
        try (ConfigurableApplicationContext behind = TestServer.start(Application.class, "job=" + name)) {
            behind.getBean(Job.class).awaitTicks();
        }
        assertEquals(1, RUNS.get());
    }

    @Test
    void theNextRunMayFollowAtOnceAndErrorsOfTheMethodAreThrown() {
        RUNS.set(0);
        String name = "job=" + TestServer.newName();
        try (ConfigurableApplicationContext context = TestServer.start(ApplicationWithoutSchedule.class, name);
                LockHandle printer = context.getBean(io.octostore.client.OctoStoreClient.class)
                        .hold("spring-test/printer", HoldOptions.defaults())) {
            Job job = context.getBean(Job.class);
            job.runAgain();
            job.runAgain();
            assertEquals(2, RUNS.get());
            assertThrows(LockHeldException.class, job::fail);
            assertThrows(IllegalStateException.class, job::answer);
            assertEquals("spring-test/printer", printer.name());
        }
    }
}
