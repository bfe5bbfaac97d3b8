package io.octostore.client.model;

/** Where a lease comes from. */
public enum LeaseStatus {
    /** This call granted the lease. */
    ACQUIRED,
    /** The lease existed before. */
    HELD
}
