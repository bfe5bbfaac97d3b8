package io.octostore.client.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One attempt at a delivery.
 *
 * @param at when it was made
 * @param status HTTP status of the receiver, if it responded
 * @param error why it failed; empty if it did not
 * @param duration how long it took
 */
public record DeliveryAttempt(Instant at, OptionalLong status, Optional<String> error, Duration duration) {}
