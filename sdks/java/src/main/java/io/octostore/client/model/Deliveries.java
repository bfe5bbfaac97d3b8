package io.octostore.client.model;

import java.util.List;
import java.util.OptionalLong;

/**
 * One page of deliveries.
 *
 * @param deliveries newest event first
 * @param nextBefore asks for the next page; empty on the last one
 */
public record Deliveries(List<Delivery> deliveries, OptionalLong nextBefore) {}
