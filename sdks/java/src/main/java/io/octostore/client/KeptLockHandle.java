package io.octostore.client;

import io.octostore.client.LeaseApi.Renewal;
import io.octostore.client.error.LostException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.internal.Deadline;
import io.octostore.client.internal.Result;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LeaseLock;
import io.octostore.client.model.LockMode;
import io.octostore.client.model.ReleaseRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One lock, or several under one lease, renewed in the background. */
final class KeptLockHandle extends KeptHandle implements LockHandle {
    private final LeaseApi api;
    private final HeldLease held;
    /** Kept from being garbage-collected, because the lock ends with it. */
    private final Optional<SessionHandle> session;

    private KeptLockHandle(LeaseApi api, HeldLease held, Ending ending, Optional<SessionHandle> session) {
        super(ending, api.settings().releaseOnExit());
        this.api = api;
        this.held = held;
        this.session = session;
    }

    /** Keeps renewing a lease that was granted. */
    static KeptLockHandle of(
            LeaseApi api, LeaseRoutes routes, Result<Lease> granted, Renewal renewal, Optional<SessionHandle> session) {
        HeldLease held = new HeldLease(granted.value());
        Keeper keeper = Keeper.start(new Renewable(
                what(granted.value().locks()),
                renewal.ttl(),
                granted.sentAt(),
                api.timeout(),
                api.servers(),
                server -> renewed(api, routes, renewal, server, held),
                new Observation(api.settings().observer(), (type, error) -> event(held.lease(), type, error)),
                session.map(KeptSessionHandle::keeperOf)));
        Ending ending = new Ending(keeper, limits -> api.release(routes, renewal.leaseId(), limits));
        return new KeptLockHandle(api, held, ending, session);
    }

    @Override
    public String name() {
        return held.lease().name();
    }

    @Override
    public String leaseId() {
        return held.lease().leaseId();
    }

    @Override
    public long fencingToken() {
        return held.lease().fencingToken();
    }

    @Override
    public List<LeaseLock> locks() {
        return held.lease().locks();
    }

    @Override
    public List<Integer> slots() {
        return locks().get(0).slots();
    }

    @Override
    public Optional<String> proof() {
        return held.lease().proof();
    }

    @Override
    public Optional<ReleaseRequest> releaseRequested() {
        return held.lease().releaseRequested();
    }

    @Override
    public void onReleaseRequested(Consumer<ReleaseRequest> listener) {
        held.onReleaseRequested(listener);
    }

    @Override
    public void convert(LockMode mode) {
        convert(name(), mode);
    }

    @Override
    public void convert(String name, LockMode mode) {
        if (locks().stream().noneMatch(lock -> lock.name().equals(name)))
            throw new ValidationException("The handle does not hold this lock.");
        try {
            held.convert(() -> api.convert(name, leaseId(), mode));
        } catch (NotFoundException gone) {
            keeper().gone(gone);
            throw gone;
        }
    }

    @Override
    public CompletableFuture<Void> convertAsync(LockMode mode) {
        return convertAsync(name(), mode);
    }

    @Override
    public CompletableFuture<Void> convertAsync(String name, LockMode mode) {
        return AsyncCall.start(
                () -> {
                    convert(name, mode);
                    return null;
                },
                nothing -> {
                    // The handle knows its new mode already.
                });
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
        return "LockHandle(" + names(locks()) + ", fencing token " + fencingToken() + ", " + ending().leftText() + ")";
    }

    /** Why the lock was lost while a block ran that has not closed the handle. */
    Optional<LostException> lossWhileOpen() {
        return ending().begun().isPresent() ? Optional.empty() : keeper().loss();
    }

    private static CompletableFuture<Result<Lease>> renewed(
            LeaseApi api, LeaseRoutes routes, Renewal renewal, String server, HeldLease held) {
        int conversions = held.conversions();
        return Deadline.map(api.renewOnce(routes, renewal, server), result -> {
            held.renewed(result.value(), conversions);
            return result;
        });
    }

    private static HandleEvent event(Lease lease, HandleEvent.Type type, Optional<OctoStoreException> error) {
        List<String> names = lease.locks().stream().map(LeaseLock::name).toList();
        return new HandleEvent(type, names, Optional.empty(), OptionalLong.of(lease.fencingToken()), error);
    }

    private static String what(List<LeaseLock> locks) {
        return (locks.size() == 1 ? "the lock " : "the lease of ") + names(locks);
    }

    private static String names(List<LeaseLock> locks) {
        return locks.stream().map(LeaseLock::name).collect(Collectors.joining(", "));
    }
}
