package io.octostore.client.model;

import java.util.List;
import java.util.OptionalLong;

/**
 * One page of deliveries.
 *
 * @param deliveries newest event first
 * @param nextBefore pass this as {@code before} to get the next page; empty on the last page
 */
public record Deliveries(List<Delivery> deliveries, OptionalLong nextBefore) {}
