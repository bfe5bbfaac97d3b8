package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.HandleEvent.Type;
import io.octostore.client.error.NotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ObserverTest {
    private final List<HandleEvent> events = new CopyOnWriteArrayList<>();
    private final OctoStoreClient client =
            OctoStoreClient.builder().observer(events::add).build();
    private final String name = TestServer.newName();
    private static final HoldOptions SHORT =
            HoldOptions.builder().ttl(Duration.ofSeconds(9)).build();

    @Test
    void learnsOfALockInOrder() throws InterruptedException {
        try (LockHandle lock = client.hold(name, SHORT)) {
            TestServer.await(() -> types().contains(Type.RENEWED));
            assertEquals(lock.fencingToken(), events.get(0).fencingToken().orElseThrow());
            assertEquals(List.of(name), events.get(0).locks());
        }
        assertEquals(Type.ACQUIRED, types().get(0));
        assertEquals(Type.RELEASED, types().get(types().size() - 1));
    }

    @Test
    void learnsWhyALockIsLost() throws InterruptedException {
        try (LockHandle lock = client.hold(name, SHORT)) {
            client.release(name, lock.leaseId());
            TestServer.await(() -> types().contains(Type.LOST));
        }
        assertEquals(List.of(Type.ACQUIRED, Type.LOST), types());
        assertInstanceOf(
                NotFoundException.class, events.get(events.size() - 1).error().orElseThrow());
    }

    @Test
    void learnsOfSessions() {
        String id;
        try (SessionHandle session = client.openSession()) {
            id = session.sessionId();
        }
        assertEquals(List.of(Type.ACQUIRED, Type.RELEASED), types());
        assertTrue(events.stream()
                .allMatch(event -> event.sessionId().orElseThrow().equals(id)));
    }

    @Test
    void failureOfItIsLoggedAndDoesNoHarm() {
        OctoStoreClient observed = OctoStoreClient.builder()
                .observer(event -> {
                    throw new IllegalStateException("of a test");
                })
                .build();
        try (Logged logged = new Logged()) {
            observed.hold(name, SHORT).close();
            assertTrue(logged.hasWarningAbout("observer"));
        }
    }

    private List<Type> types() {
        return events.stream().map(HandleEvent::type).toList();
    }
}
