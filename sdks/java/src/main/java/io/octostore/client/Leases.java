package io.octostore.client;

import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.model.Lease;
import java.time.Duration;

/**
 * Your leases by their ids, whatever they lock. All methods throw an {@link OctoStoreException} if they fail: a
 * {@link NotFoundException} if you have no such lease, and a {@link ValidationException} with the code
 * {@code ambiguous_lease_id} if you chose one id for several.
 */
public interface Leases {
    /**
     * A lease with all its locks.
     *
     * @param leaseId id of the lease
     * @return the lease
     */
    Lease get(String leaseId);

    /**
     * Renews a lease with all its locks, so that it ends that long from now.
     *
     * @param leaseId id of the lease
     * @param ttl whole seconds, 1 to 3600
     * @return the lease as it is now
     */
    Lease renew(String leaseId, Duration ttl);

    /**
     * The same, with a new proof.
     *
     * @param leaseId id of the lease
     * @param ttl whole seconds, 1 to 3600
     * @return the lease as it is now
     */
    Lease renewWithProof(String leaseId, Duration ttl);

    /**
     * Releases all locks of a lease.
     *
     * @param leaseId id of the lease
     */
    void release(String leaseId);
}
