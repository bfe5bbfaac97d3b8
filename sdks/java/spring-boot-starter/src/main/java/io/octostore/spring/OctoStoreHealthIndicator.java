package io.octostore.spring;

import io.octostore.client.OctoStoreClient;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up while the server says that it is healthy. */
final class OctoStoreHealthIndicator extends AbstractHealthIndicator {
    private final OctoStoreClient client;

    OctoStoreHealthIndicator(OctoStoreClient client) {
        super("The OctoStore server is not healthy");
        this.client = client;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        client.health();
        builder.up();
    }
}
