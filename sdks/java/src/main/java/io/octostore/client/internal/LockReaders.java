package io.octostore.client.internal;

import io.octostore.client.model.HeldLock;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LeaseLock;
import io.octostore.client.model.LeaseStatus;
import io.octostore.client.model.LockHolder;
import io.octostore.client.model.LockMode;
import io.octostore.client.model.LockStatus;
import io.octostore.client.model.ReleaseRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The same as {@link Readers}, for locks and leases. */
public final class LockReaders {
    private LockReaders() {}

    /** Servers list the locks of a lease of one lock only if it is asked for by its id. */
    public static Lease lease(Fields fields) {
        List<LeaseLock> locks = fields.has("locks")
                ? fields.objects("locks", lock -> hold(lock.text("name"), lock))
                : List.of(hold(fields.text("name"), fields));
        if (locks.isEmpty()) throw new MalformedException("a lease without a lock");
        return new Lease(
                fields.choice("status", LeaseStatus.class),
                locks.get(0).name(),
                fields.text("lease_id"),
                fields.number("fencing_token"),
                fields.instant("expires_at"),
                fields.text("holder"),
                fields.text("holder_id"),
                fields.optionalText("metadata"),
                locks,
                fields.optionalText("session_id"),
                fields.optionalText("proof"),
                releaseRequest(fields));
    }

    public static HeldLock heldLock(Fields fields) {
        LeaseLock hold = hold(fields.text("name"), fields);
        return new HeldLock(
                hold.name(),
                fields.optionalText("lease_id"),
                fields.number("fencing_token"),
                fields.instant("expires_at"),
                fields.text("holder"),
                fields.text("holder_id"),
                fields.optionalText("metadata"),
                hold.mode(),
                hold.limit(),
                hold.permits(),
                hold.slots());
    }

    public static LockStatus lockStatus(Fields fields) {
        long waiters = fields.number("waiters");
        return switch (fields.text("status")) {
            case "held" -> heldStatus(fields, waiters);
            case "available" ->
                new LockStatus.Available(
                        fields.text("name"), fields.text("message"), fields.number("fencing_token"), waiters);
            case "delayed" ->
                new LockStatus.Delayed(
                        fields.text("name"),
                        fields.text("message"),
                        fields.number("fencing_token"),
                        waiters,
                        fields.instant("available_at"));
            default -> throw new MalformedException("an unknown status");
        };
    }

    /** How a lease holds a lock, or wants to. Servers of version 1.0 show no mode. */
    static LeaseLock hold(String name, Fields fields) {
        return new LeaseLock(
                name,
                fields.has("mode") ? fields.choice("mode", LockMode.class) : LockMode.EXCLUSIVE,
                number(fields, "limit"),
                number(fields, "permits"),
                slots(fields));
    }

    /** Servers of version 1.0 show no other holders. */
    private static LockStatus heldStatus(Fields fields, long waiters) {
        HeldLock lock = heldLock(fields);
        if (!fields.has("holders")) return new LockStatus.Held(lock, waiters);
        return new LockStatus.Held(
                lock,
                waiters,
                fields.number("holder_count"),
                number(fields, "permits_in_use"),
                fields.objects("holders", LockReaders::holder));
    }

    private static LockHolder holder(Fields fields) {
        return new LockHolder(
                fields.optionalText("lease_id"),
                fields.number("fencing_token"),
                fields.instant("expires_at"),
                fields.text("holder"),
                fields.text("holder_id"),
                fields.optionalText("metadata"),
                slots(fields));
    }

    private static Optional<ReleaseRequest> releaseRequest(Fields fields) {
        if (!fields.has("release_requested")) return Optional.empty();
        Fields request = fields.object("release_requested");
        return Optional.of(
                new ReleaseRequest(request.text("by"), request.optionalText("message"), request.instant("at")));
    }

    private static List<Integer> slots(Fields fields) {
        return fields.numbers("slots").stream().map(Math::toIntExact).toList();
    }

    private static OptionalInt number(Fields fields, String name) {
        OptionalLong number = fields.optionalNumber(name);
        return number.isPresent() ? OptionalInt.of(Math.toIntExact(number.getAsLong())) : OptionalInt.empty();
    }
}
