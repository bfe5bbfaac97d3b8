package io.octostore.client;

import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.error.LostException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.internal.Result;
import io.octostore.client.model.Lease;
import java.time.Duration;
import java.util.Optional;

/** A lock that you hold. It is renewed in the background until it is released or lost. */
public final class LockHandle extends Handle {
    private final Lease lease;
    /** Kept from being garbage-collected, because the lock ends with it. */
    private final Optional<SessionHandle> session;

    private LockHandle(LockApi api, Lease lease, Keeper keeper, Optional<SessionHandle> session) {
        super(
                new Ending(keeper, limits -> api.release(lease.name(), lease.leaseId(), limits)),
                api.settings().releaseOnExit());
        this.lease = lease;
        this.session = session;
    }

    /** Keeps renewing a lease that was granted. */
    static LockHandle of(LockApi api, Result<Lease> granted, Duration ttl, Optional<SessionHandle> session) {
        Lease lease = granted.value();
        return new LockHandle(
                api,
                lease,
                Keeper.start(new Renewable(
                        "the lock " + lease.name(),
                        ttl,
                        granted.sentAt(),
                        api.timeout(),
                        api.servers(),
                        server -> api.renewal(lease, ttl, server),
                        session.map(Handle::keeper))),
                session);
    }

    /** {@return the name of the lock} */
    public String name() {
        return lease.name();
    }

    /** {@return the id of the lease, a UUID that proves that this handle holds the lock} */
    public String leaseId() {
        return lease.leaseId();
    }

    /**
     * The number of this grant, which is higher than that of every earlier grant. Send it with every write to what the
     * lock protects, which must refuse any token lower than the highest it has seen.
     *
     * @return the fencing token
     */
    public long fencingToken() {
        return lease.fencingToken();
    }

    /** {@return the session that the lock ends with, if there is one} */
    public Optional<SessionHandle> session() {
        return session;
    }

    /**
     * Releases the lock, in no more time than what is left of its lease. Doing so again does nothing, and it is not an
     * error if the lock was already lost.
     *
     * @throws OctoStoreException if the server cannot be reached; the lease then expires on its own
     * @throws CallInterruptedException if the thread is interrupted; the release continues in the background
     */
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
