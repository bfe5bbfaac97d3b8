package io.octostore.client;

import io.octostore.client.LeaseApi.Renewal;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.internal.Limits;
import io.octostore.client.internal.Result;
import io.octostore.client.internal.Timeline;
import io.octostore.client.model.Lease;
import java.time.Duration;
import java.util.function.Function;

/** Acquires leases and keeps renewing them. */
final class Holding {
    private Holding() {}

    /** @param givingUp limits for releasing a lease if it is not known whether it was granted */
    static KeptLockHandle hold(
            LeaseApi api, LeaseRoutes routes, HoldOptions options, Function<Timeline, Limits> givingUp) {
        options.session().ifPresent(KeptSessionHandle::keeperOf);
        Result<Lease> granted = api.acquire(routes, options.acquire(), givingUp);
        Duration timeout = Renewable.attemptTimeout(options.ttl(), api.timeout());
        String leaseId = granted.value().leaseId();
        Renewal renewal = new Renewal(leaseId, options.ttl(), options.acquire().proof(), timeout);
        LeaseRoutes keeping = routes.of(granted.value());
        Result<Lease> fresh = freshened(api, keeping, granted, renewal, givingUp);
        return KeptLockHandle.of(api, keeping, fresh, renewal, options.session());
    }

    /**
     * The lease began some time after its request was sent. If that was long ago, this renews it and counts from the
     * renewal.
     */
    private static Result<Lease> freshened(
            LeaseApi api,
            LeaseRoutes routes,
            Result<Lease> granted,
            Renewal renewal,
            Function<Timeline, Limits> givingUp) {
        Duration age = granted.sentAt().until(granted.sentAt().timeline().now());
        if (age.compareTo(Renewable.period(renewal.ttl())) < 0) return granted;
        try {
            return api.renew(routes, renewal);
        } catch (OctoStoreException error) {
            api.releaseInBackground(routes, renewal.leaseId(), givingUp);
            throw error;
        }
    }
}
