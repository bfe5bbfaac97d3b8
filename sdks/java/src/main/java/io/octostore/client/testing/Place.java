package io.octostore.client.testing;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A place in line. Guarded by the monitor of its state. */
final class Place {
    final Instant since;
    Wish wish;
    /** The answer to the request that is waiting, if one is. Otherwise the place is only kept. */
    Optional<CompletableFuture<Reply>> asking = Optional.empty();
    /** Until when it is kept while no request is waiting. */
    Instant keptUntil;

    Place(Wish wish, Instant since) {
        this.wish = wish;
        this.since = since;
        this.keptUntil = since;
    }

    boolean isAsking() {
        return asking.isPresent();
    }

    boolean isAsking(CompletableFuture<Reply> reply) {
        return asking.filter(one -> one == reply).isPresent();
    }
}
