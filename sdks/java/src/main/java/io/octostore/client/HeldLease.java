package io.octostore.client;

import io.octostore.client.internal.Background;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LeaseLock;
import io.octostore.client.model.ReleaseRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a handle knows about its lease. Renewals update it. It does not refer to the handle. */
final class HeldLease {
    // All of these are guarded by this object's monitor.
    private Lease lease;
    /** The last request that was shown, whether or not it still is. */
    private Optional<ReleaseRequest> known = Optional.empty();
    /** Grows when a conversion begins and when it ends. A renewal during one may be out of date. */
    private int conversions;

    private final List<Consumer<ReleaseRequest>> listeners = new ArrayList<>();

    HeldLease(Lease lease) {
        this.lease = lease;
        show(lease.releaseRequested());
    }

    synchronized Lease lease() {
        return lease;
    }

    synchronized int conversions() {
        return conversions;
    }

    /** Takes over what a renewal says that was sent after so many conversions. */
    synchronized void renewed(Lease renewed, int conversionsBefore) {
        Lease how = conversionsBefore == conversions ? renewed : lease;
        lease = updated(how, renewed);
        show(renewed.releaseRequested());
    }

    /** Takes over how the lease holds its locks after a conversion. */
    void convert(Supplier<Lease> ask) {
        countConversion();
        try {
            Lease converted = ask.get();
            synchronized (this) {
                lease = updated(converted, lease);
            }
        } finally {
            countConversion();
        }
    }

    /** The listener learns of each request once, also of one that came before. */
    synchronized void onReleaseRequested(Consumer<ReleaseRequest> listener) {
        listeners.add(listener);
        lease.releaseRequested().ifPresent(request -> tell(listener, request));
    }

    private synchronized void countConversion() {
        conversions++;
    }

    private void show(Optional<ReleaseRequest> request) {
        if (request.isEmpty() || request.equals(known)) return;
        known = request;
        listeners.forEach(listener -> tell(listener, request.get()));
    }

    private static void tell(Consumer<ReleaseRequest> listener, ReleaseRequest request) {
        Background.workers().execute(() -> listener.accept(request));
    }

    /** @param how says how it holds its locks; the server may name the first lock alone */
    private Lease updated(Lease how, Lease rest) {
        return new Lease(
                lease.status(),
                lease.name(),
                lease.leaseId(),
                how.fencingToken(),
                rest.expiresAt(),
                lease.holder(),
                lease.holderId(),
                lease.metadata(),
                lease.locks().stream().map(lock -> named(lock, how.locks())).toList(),
                lease.sessionId(),
                rest.proof(),
                rest.releaseRequested());
    }

    private static LeaseLock named(LeaseLock lock, List<LeaseLock> others) {
        return others.stream()
                .filter(other -> other.name().equals(lock.name()))
                .findFirst()
                .orElse(lock);
    }
}
