package io.octostore.client;

import io.octostore.client.error.OctoStoreException;
import io.octostore.client.internal.Limits;
import io.octostore.client.internal.Moment;
import io.octostore.client.internal.Result;
import io.octostore.client.model.Lease;
import java.time.Duration;
import java.util.function.Supplier;

/** Acquires locks and keeps renewing them. */
final class Holding {
    private Holding() {}

    /** @param givingUp limits for releasing a lease if it is not known whether it was granted */
    static KeptLockHandle hold(LockApi api, String name, HoldOptions options, Supplier<Limits> givingUp) {
        Result<Lease> granted = api.acquire(name, options.acquire(), givingUp);
        return KeptLockHandle.of(
                api, freshened(api, granted, options.ttl(), givingUp), options.ttl(), options.session());
    }

    /**
     * The lease began some time after its request was sent. If that was long ago, this renews it and counts from the
     * renewal.
     */
    private static Result<Lease> freshened(
            LockApi api, Result<Lease> granted, Duration ttl, Supplier<Limits> givingUp) {
        Duration age = granted.sentAt().until(Moment.now());
        if (age.compareTo(Renewable.period(ttl)) < 0) return granted;
        Lease lease = granted.value();
        try {
            return api.renew(lease.name(), lease.leaseId(), ttl, Renewable.attemptTimeout(ttl, api.timeout()));
        } catch (OctoStoreException error) {
            api.releaseInBackground(lease.name(), lease.leaseId(), givingUp);
            throw error;
        }
    }
}
