package io.octostore.client.model;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that happened to a lock.
 *
 * @param event the kind of event
 * @param lock name of the lock
 * @param holderId id of the holder; empty if the lock was released or has expired
 * @param fencingToken token of the grant; empty if the lock was released or has expired
 * @param timestamp when it happened, by the server's clock
 * @param sequence strictly increasing across all locks
 * @param expiresAt when the lease expires; with acquired and renewed only
 * @param metadata the holder's note; with acquired and renewed only
 * @param holder login of the holder; in watches, with acquired and renewed only
 */
public record LockEvent(
        LockEventType event,
        String lock,
        Optional<String> holderId,
        OptionalLong fencingToken,
        Instant timestamp,
        long sequence,
        Optional<Instant> expiresAt,
        Optional<String> metadata,
        Optional<String> holder) {}
