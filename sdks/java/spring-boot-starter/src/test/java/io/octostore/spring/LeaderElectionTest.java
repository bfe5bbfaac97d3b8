package io.octostore.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.OctoStoreClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

class LeaderElectionTest {
    @EnableAutoConfiguration
    @Configuration(proxyBeanMethods = false)
    @Import(Events.class)
    static class Application {}

    static class Events {
        final List<String> seen = new CopyOnWriteArrayList<>();

        @EventListener
        void gained(LeadershipGained event) {
            seen.add("gained");
        }

        @EventListener
        void lost(LeadershipLost event) {
            seen.add("lost");
        }
    }

    private static ConfigurableApplicationContext start(String name, String ttl) {
        return TestServer.start(Application.class, "octostore.election.name=" + name, "octostore.election.ttl=" + ttl);
    }

    private static LeaderElection election(ConfigurableApplicationContext context) {
        return context.getBean(LeaderElection.class);
    }

    @Test
    void anotherReplicaTakesOverWhenTheLeaderStops() throws InterruptedException {
        String name = TestServer.newName();
        ConfigurableApplicationContext first = start(name, "60s");
        TestServer.await(election(first)::isLeader);
        try (ConfigurableApplicationContext second = start(name, "60s")) {
            assertFalse(election(second).isLeader());
            Events events = first.getBean(Events.class);
            LeaderElection former = election(first);
            first.close();
            assertFalse(former.isLeader());
            assertEquals(List.of("gained", "lost"), events.seen);
            TestServer.await(election(second)::isLeader);
            assertEquals(List.of("gained"), second.getBean(Events.class).seen);
        }
    }

    @Test
    void aLeaderThatLosesItsLockCampaignsAgain() throws InterruptedException {
        try (ConfigurableApplicationContext context = start(TestServer.newName(), "3s")) {
            LeaderElection election = election(context);
            TestServer.await(election::isLeader);
            String leaseId = election.lock().orElseThrow().leaseId();
            String name = election.lock().orElseThrow().name();
            context.getBean(OctoStoreClient.class).release(name, leaseId);
            Events events = context.getBean(Events.class);
            TestServer.await(() -> events.seen.size() >= 3);
            assertEquals(List.of("gained", "lost", "gained"), events.seen.subList(0, 3));
        }
    }

    @Test
    void thereIsNoElectionWithoutAName() {
        try (ConfigurableApplicationContext context = TestServer.start(Application.class)) {
            assertTrue(context.getBeansOfType(LeaderElection.class).isEmpty());
        }
    }

    @Test
    void theHealthOfTheServerIsPartOfThatOfTheApplication() {
        try (ConfigurableApplicationContext context = TestServer.start(Application.class);
                ConfigurableApplicationContext lonely = TestServer.startAt("http://127.0.0.1:1", Application.class)) {
            assertEquals(Status.UP, status(context));
            assertEquals(Status.DOWN, status(lonely));
        }
        try (ConfigurableApplicationContext context =
                TestServer.start(Application.class, "management.health.octostore.enabled=false")) {
            assertFalse(context.containsBean("octoStoreHealthIndicator"));
        }
    }

    private static Status status(ConfigurableApplicationContext context) {
        return context.getBean("octoStoreHealthIndicator", HealthIndicator.class)
                .health()
                .getStatus();
    }
}
