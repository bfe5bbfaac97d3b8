package io.octostore.client;

import io.octostore.client.error.LostException;
import io.octostore.client.internal.Result;
import io.octostore.client.model.Lease;
import java.time.Duration;
import java.util.Optional;

/** A lock that is renewed in the background. */
final class KeptLockHandle extends KeptHandle implements LockHandle {
    private final Lease lease;
    /** Kept from being garbage-collected, because the lock ends with it. */
    private final Optional<SessionHandle> session;

    private KeptLockHandle(LockApi api, Lease lease, Keeper keeper, Optional<SessionHandle> session) {
        super(
                new Ending(keeper, limits -> api.release(lease.name(), lease.leaseId(), limits)),
                api.settings().releaseOnExit());
        this.lease = lease;
        this.session = session;
    }

    /** Keeps renewing a lease that was granted. */
    static KeptLockHandle of(LockApi api, Result<Lease> granted, Duration ttl, Optional<SessionHandle> session) {
        Lease lease = granted.value();
        return new KeptLockHandle(
                api,
                lease,
                Keeper.start(new Renewable(
                        "the lock " + lease.name(),
                        ttl,
                        granted.sentAt(),
                        api.timeout(),
                        api.servers(),
                        server -> api.renewal(lease, ttl, server),
                        session.map(KeptSessionHandle::keeperOf))),
                session);
    }

    @Override
    public String name() {
        return lease.name();
    }

    @Override
    public String leaseId() {
        return lease.leaseId();
    }

    @Override
    public long fencingToken() {
        return lease.fencingToken();
    }

    @Override
    public Optional<SessionHandle> session() {
        return session;
    }

    @Override
    public void release() {
        giveBack();
    }

    /** {@return for logs and debugging, without the lease id} */
    @Override
    public String toString() {
        return "LockHandle(" + name() + ", fencing token " + fencingToken() + ", " + ending().leftText() + ")";
    }

    /** Why the lock was lost while a block ran that has not closed the handle. */
    Optional<LostException> lossWhileOpen() {
        return ending().begun().isPresent() ? Optional.empty() : keeper().loss();
    }
}
