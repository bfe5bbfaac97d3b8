package io.octostore.client.model;

/** How a lease came to be. */
public enum LeaseStatus {
    /** This call granted the lease. */
    ACQUIRED,
    /** The lease existed before. */
    HELD
}
