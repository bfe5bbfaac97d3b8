package io.octostore.client.testing;

import io.octostore.client.OctoStoreClient;
import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.internal.Waiting;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;

/**
 * An OctoStore server in memory, for unit tests. Its clients are real ones, without a network: they renew, wait and
 * lose locks by the same rules. Its time stands still until you {@link #advance} it, for the server and for its
 * clients.
 *
 * <p>It has locks of all kinds, leases, lines, sessions, fences and watches, but no webhooks, and proofs that no one
 * can verify. Thread-safe.
 */
public final class FakeOctoStore {
    static final String OPERATOR = "administrator";
    private static final String URL = "http://fake.octostore.test";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TestTimeline timeline = new TestTimeline();
    private final FakeState state = new FakeState(timeline);
    private final HttpClient http = new FakeHttpClient(state);

    /** A server without any locks. */
    public FakeOctoStore() {}

    /**
     * A client of a user. Users need not be created.
     *
     * @param login the login of the user, which is also the token
     * @return the client
     */
    public OctoStoreClient client(String login) {
        return OctoStoreClient.builder()
                .baseUrl(URL)
                .token(login)
                .httpClient(http)
                .build();
    }

    /** {@return a client that may break locks} */
    public OctoStoreClient operator() {
        return client(OPERATOR);
    }

    /** {@return what sends requests to this server, for clients with options of your own; any base URL will do} */
    public HttpClient httpClient() {
        return http;
    }

    /**
     * Moves the time. On the way, everything happens that is due, on the calling thread: clients renew, leases expire,
     * waits end.
     *
     * @param duration how far
     */
    public void advance(Duration duration) {
        timeline.advance(duration);
    }

    /** {@return the time of the server} */
    public Instant now() {
        return state.now();
    }

    /**
     * Waits until requests of other threads wait in line, for at most ten real seconds.
     *
     * @param name name of the lock
     * @param count how many requests, at least
     * @throws IllegalStateException if there are fewer
     * @throws CallInterruptedException if the thread is interrupted
     */
    public void awaitWaiters(String name, int count) {
        try {
            state.awaitWaiters(name, count, PATIENCE);
        } catch (InterruptedException interrupted) {
            throw Waiting.interruption();
        }
    }
}
