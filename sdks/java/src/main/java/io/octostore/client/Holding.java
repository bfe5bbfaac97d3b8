package io.octostore.client;

import io.octostore.client.error.OctoStoreException;
import io.octostore.client.internal.Moment;
import io.octostore.client.internal.Result;
import io.octostore.client.model.Lease;
import java.time.Duration;

/** Acquires locks and keeps renewing them. */
final class Holding {
    private Holding() {}

    static LockHandle hold(LockApi api, String name, HoldOptions options) {
        Result<Lease> granted = api.acquire(name, options.acquire());
        return LockHandle.of(api, freshened(api, granted, options.ttl()), options.ttl(), options.session());
    }

    /**
     * The lease began some time after its request was sent. If that was long ago, this renews it and counts from the
     * renewal.
     */
    private static Result<Lease> freshened(LockApi api, Result<Lease> granted, Duration ttl) {
        Duration age = granted.sentAt().until(Moment.now());
        if (age.compareTo(Renewable.period(ttl)) < 0) return granted;
        Lease lease = granted.value();
        try {
            return api.renew(lease.name(), lease.leaseId(), ttl);
        } catch (OctoStoreException error) {
            api.releaseInBackground(lease.name(), lease.leaseId());
            throw error;
        }
    }
}
