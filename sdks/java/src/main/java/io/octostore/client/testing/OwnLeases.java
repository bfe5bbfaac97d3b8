package io.octostore.client.testing;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the leases and places of a user. */
final class OwnLeases {
    private final LockTable table;
    private final Past past;

    OwnLeases(LockTable table, Past past) {
        this.table = table;
        this.past = past;
    }

    /**
     * The lease with this id.
     *
     * @param lock a lock that it must hold
     */
    FakeLease find(String user, String leaseId, Optional<String> lock) {
        List<FakeLease> found = leasesOf(user)
                .filter(lease -> lease.id().equals(leaseId))
                .filter(lease -> lock.isEmpty() || lease.holds(lock.get()))
                .toList();
        if (found.size() == 1) return found.get(0);
        if (found.isEmpty()) throw new Refused(past.brokenLease(user, leaseId).orElseGet(Reply::lockNotFound));
        throw new Refused(Reply.error(409, "ambiguous_lease_id", "You hold several leases with this lease_id."));
    }

    /** The lease that a request asks for again. Empty if the request is new. */
    Optional<FakeLease> repeated(Wish wish) {
        Stream<FakeLease> candidates = leasesOf(wish.user()).filter(lease -> wish.wantsAnyOf(lease.holds));
        if (!wish.chosen())
            return candidates
                    .filter(lease -> wish.isSame(lease.wish.session(), lease.holds))
                    .findFirst();
        Optional<FakeLease> lease =
                candidates.filter(one -> one.id().equals(wish.leaseId())).findFirst();
        lease.ifPresent(one -> refuseUnless(wish.isSame(one.wish.session(), one.holds)));
        return lease;
    }

    /** The place in line in which a request continues. Empty if the request is new. */
    Optional<Place> place(Wish wish) {
        Optional<Place> place = table.placesOf(wish.user(), wish.leaseId())
                .filter(one -> wish.wantsAnyOf(one.wish.wanted()))
                .findFirst();
        place.ifPresent(one -> refuseUnless(wish.isSame(one.wish.session(), one.wish.wanted())));
        return place;
    }

    private Stream<FakeLease> leasesOf(String user) {
        return table.leases.stream().filter(lease -> lease.wish.user().equals(user));
    }

    private static void refuseUnless(boolean isSame) {
        if (!isSame)
            throw new Refused(Reply.error(409, "lease_mismatch", "You already use this lease_id for something else."));
    }
}
