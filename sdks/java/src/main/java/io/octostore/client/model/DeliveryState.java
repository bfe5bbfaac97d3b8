package io.octostore.client.model;

/** The state of a delivery. */
public enum DeliveryState {
    /** It is still to be delivered. */
    PENDING,
    /** The receiver accepted it. */
    DELIVERED,
    /** It has failed for good. */
    DEAD
}
