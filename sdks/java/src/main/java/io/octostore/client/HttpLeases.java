package io.octostore.client;

import io.octostore.client.model.Lease;
import java.time.Duration;

/** The routes of leases by their ids. */
final class HttpLeases implements Leases {
    private final LeaseApi api;

    HttpLeases(LeaseApi api) {
        this.api = api;
    }

    @Override
    public Lease get(String leaseId) {
        return api.get(leaseId);
    }

    @Override
    public Lease renew(String leaseId, Duration ttl) {
        return renew(leaseId, ttl, false);
    }

    @Override
    public Lease renewWithProof(String leaseId, Duration ttl) {
        return renew(leaseId, ttl, true);
    }

    @Override
    public void release(String leaseId) {
        api.release(LeaseRoutes.OfLocks.BY_ID, leaseId);
    }

    private Lease renew(String leaseId, Duration ttl, boolean proof) {
        LeaseApi.Renewal renewal = new LeaseApi.Renewal(leaseId, ttl, proof, api.timeout());
        return api.renew(LeaseRoutes.OfLocks.BY_ID, renewal).value();
    }
}
