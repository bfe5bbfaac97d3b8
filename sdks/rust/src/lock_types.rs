use serde::{Deserialize, Serialize};

use crate::lease::{Lease, LeaseLock, LockHold, ReleaseRequest};

/// A lease that was granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AcquireResult {
    /// `acquired` if this call granted the lease, `held` if it existed before.
    pub status: String,
    /// Name of the lock.
    pub name: String,
    /// The id of the lease, which proves that you hold the lock.
    pub lease_id: Option<String>,
    /// Higher than that of every earlier grant, of any lock.
    pub fencing_token: Option<u64>,
    /// When the lease expires unless it is renewed, by the server's clock, in RFC 3339 format.
    pub expires_at: Option<String>,
    /// Your login.
    pub holder: Option<String>,
    /// Your id.
    pub holder_id: Option<String>,
    /// The note that you gave.
    pub metadata: Option<String>,
    /// How you hold the lock.
    #[serde(flatten)]
    pub hold: LockHold,
    /// The proof of the lease, if you asked for one.
    pub proof: Option<String>,
}

/// A lease that was renewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RenewResult {
    /// Name of the lock.
    pub name: String,
    /// The id of the lease, which proves that you hold the lock.
    pub lease_id: String,
    /// The fencing token of the grant. A renewal does not change it.
    pub fencing_token: u64,
    /// When the lease expires unless it is renewed again, by the server's clock, in RFC 3339 format.
    pub expires_at: String,
    /// Your login.
    pub holder: String,
    /// Your id.
    pub holder_id: String,
    /// The note that you gave when you acquired the lock.
    pub metadata: Option<String>,
    /// How you hold the lock.
    #[serde(flatten)]
    pub hold: LockHold,
    /// The latest request to release the lock, if there is one.
    pub release_requested: Option<ReleaseRequest>,
}

impl From<Lease> for AcquireResult {
    fn from(mut lease: Lease) -> Self {
        let LeaseLock { name, hold } = lease.locks.swap_remove(0);
        Self {
            status: lease.status,
            name,
            lease_id: Some(lease.lease_id),
            fencing_token: Some(lease.fencing_token),
            expires_at: Some(lease.expires_at),
            holder: Some(lease.holder),
            holder_id: Some(lease.holder_id),
            metadata: lease.metadata,
            hold,
            proof: lease.proof,
        }
    }
}

impl From<Lease> for RenewResult {
    fn from(mut lease: Lease) -> Self {
        let LeaseLock { name, hold } = lease.locks.swap_remove(0);
        Self {
            name,
            lease_id: lease.lease_id,
            fencing_token: lease.fencing_token,
            expires_at: lease.expires_at,
            holder: lease.holder,
            holder_id: lease.holder_id,
            metadata: lease.metadata,
            hold,
            release_requested: lease.release_requested,
        }
    }
}

/// Whether a lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockStatus {
    /// No one holds it. The server calls this `available`.
    #[serde(rename = "available")]
    Free,
    /// Someone holds it.
    Held,
    /// No one holds it, and no one gets it for a while, because its last lease had a lock delay or a minimum hold.
    Delayed,
}

/// The status of a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LockInfo {
    /// Name of the lock.
    pub name: String,
    /// Whether it is held.
    pub status: LockStatus,
    /// Only set if the lock is yours.
    pub lease_id: Option<String>,
    /// Login of the holder.
    pub holder: Option<String>,
    /// Id of the holder.
    pub holder_id: Option<String>,
    /// The fencing token of the grant. If the lock is free, the highest issued so far, for any lock.
    pub fencing_token: u64,
    /// When the lease expires unless it is renewed, by the server's clock, in RFC 3339 format.
    pub expires_at: Option<String>,
    /// The holder's note.
    pub metadata: Option<String>,
    /// Number of requests waiting for the lock.
    pub waiters: u64,
    /// Until when no one gets the lock, by the server's clock, in RFC 3339 format. Only set if it is delayed.
    pub available_at: Option<String>,
    /// How the first of its leases holds the lock.
    #[serde(flatten)]
    pub hold: LockHold,
    /// Number of leases that hold the lock.
    pub holder_count: Option<u64>,
    /// How many permits its leases have together. Only if the lock is counted.
    pub permits_in_use: Option<u64>,
    /// The first 100 leases that hold the lock, in the order they were granted.
    pub holders: Option<Vec<LockHolder>>,
}

/// One of the leases that hold a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LockHolder {
    /// The fencing token of the grant.
    pub fencing_token: u64,
    /// When the lease expires unless it is renewed, by the server's clock, in RFC 3339 format.
    pub expires_at: String,
    /// Login of the holder.
    pub holder: String,
    /// Id of the holder.
    pub holder_id: String,
    /// The holder's note.
    pub metadata: Option<String>,
    /// Only set if the lease is yours.
    pub lease_id: Option<String>,
    /// Its permits. Only if the lock is counted.
    pub slots: Option<Vec<u32>>,
}

/// A lock that a user holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserLock {
    /// Name of the lock.
    pub name: String,
    /// Only set if the lock is yours.
    pub lease_id: Option<String>,
    /// The fencing token of the grant.
    pub fencing_token: u64,
    /// When the lease expires unless it is renewed, by the server's clock, in RFC 3339 format.
    pub expires_at: String,
    /// Login of the holder.
    pub holder: String,
    /// Id of the holder.
    pub holder_id: String,
    /// The holder's note.
    pub metadata: Option<String>,
    /// How the first of its leases holds it.
    #[serde(flatten)]
    pub hold: LockHold,
}
