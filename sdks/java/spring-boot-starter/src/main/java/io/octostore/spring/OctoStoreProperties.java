package io.octostore.spring;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The properties {@code octostore.*}.
 *
 * @param baseUrl the URL of the server, or those of several servers of one service; {@code OCTOSTORE_BASE_URL} by
 *     default
 * @param token the user's token; {@code OCTOSTORE_TOKEN} by default
 * @param timeout the timeout of one HTTP attempt, that of the client by default
 * @param waitSlice how long one request waits in line at most, that of the client by default
 * @param releaseOnExit whether to release open locks when the JVM shuts down, even if work goes on; false by default
 * @param election an election in which the application takes part, none by default
 */
@ConfigurationProperties("octostore")
public record OctoStoreProperties(
        List<String> baseUrl,
        String token,
        Duration timeout,
        Duration waitSlice,
        boolean releaseOnExit,
        Election election) {

    /**
     * The properties {@code octostore.election.*}.
     *
     * @param name the name of the lock that the leader holds
     * @param ttl how long its lease lasts without a renewal, 60 seconds by default
     */
    public record Election(String name, Duration ttl) {}
}
