package io.octostore.client.model;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One place in the line of a lock.
 *
 * @param position where in the line of the requests that are asking, from 1. A place that is only kept has the position
 *     that it would have
 * @param holder login of the waiting user
 * @param holderId id of the waiting user
 * @param since when the request joined the line, by the server's clock
 * @param mode how the request wants to hold the lock
 * @param limit the limit that the request gives, if it is counted
 * @param permits how many permits the request wants, if it is counted
 * @param asking whether a client is waiting for the answer now. Otherwise the place is kept for some seconds
 * @param leaseId the lease id of the request; only set if the place is yours
 */
public record QueuePlace(
        long position,
        String holder,
        String holderId,
        Instant since,
        LockMode mode,
        OptionalInt limit,
        OptionalInt permits,
        boolean asking,
        Optional<String> leaseId) {
    /** {@return for logs and debugging, without the lease id} */
    @Override
    public String toString() {
        return "QueuePlace[position=" + position + ", holder=" + holder + ", since=" + since + ", mode=" + mode
                + ", asking=" + asking + "]";
    }
}
