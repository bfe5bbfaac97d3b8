package io.octostore.client.model;

/** What has become of a delivery. */
public enum DeliveryState {
    /** It is still being tried. */
    PENDING,
    /** The receiver has it. */
    DELIVERED,
    /** It was given up. */
    DEAD
}
