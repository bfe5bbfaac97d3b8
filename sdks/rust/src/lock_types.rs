use serde::{Deserialize, Serialize};

/// A lease that was granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AcquireResult {
    /// `acquired` if this call granted the lease, `held` if it existed before.
    pub status: String,
    /// Name of the lock.
    pub name: String,
    /// Proves that you hold the lock.
    pub lease_id: Option<String>,
    /// Higher than that of all grants before, of any lock.
    pub fencing_token: Option<u64>,
    /// When the lease ends unless it is renewed, by the server's clock, as RFC 3339 has it.
    pub expires_at: Option<String>,
    /// Your login.
    pub holder: Option<String>,
    /// Your id.
    pub holder_id: Option<String>,
    /// The note that was given.
    pub metadata: Option<String>,
}

/// A lease that was renewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RenewResult {
    /// Name of the lock.
    pub name: String,
    /// Proves that you hold the lock.
    pub lease_id: String,
    /// That of the grant: a renewal does not change it.
    pub fencing_token: u64,
    /// When the lease ends unless it is renewed again, by the server's clock, as RFC 3339 has it.
    pub expires_at: String,
    /// Your login.
    pub holder: String,
    /// Your id.
    pub holder_id: String,
    /// The note that was given at the acquire.
    pub metadata: Option<String>,
}

/// Whether a lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockStatus {
    /// Nobody holds it. The server's word for it is `available`.
    #[serde(rename = "available")]
    Free,
    /// Somebody holds it.
    Held,
}

/// What is known of a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LockInfo {
    /// Name of the lock.
    pub name: String,
    /// Whether it is held.
    pub status: LockStatus,
    /// On your own locks only.
    pub lease_id: Option<String>,
    /// Login of the holder.
    pub holder: Option<String>,
    /// Id of the holder.
    pub holder_id: Option<String>,
    /// That of the grant; of a free lock, the highest issued so far for any lock.
    pub fencing_token: u64,
    /// When the lease ends unless it is renewed, by the server's clock, as RFC 3339 has it.
    pub expires_at: Option<String>,
    /// The holder's note.
    pub metadata: Option<String>,
    /// Requests that wait for the lock.
    pub waiters: u64,
}

/// A lock that a user holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserLock {
    /// Name of the lock.
    pub name: String,
    /// On your own locks only.
    pub lease_id: Option<String>,
    /// That of the grant.
    pub fencing_token: u64,
    /// When the lease ends unless it is renewed, by the server's clock, as RFC 3339 has it.
    pub expires_at: String,
    /// Login of the holder.
    pub holder: String,
    /// Id of the holder.
    pub holder_id: String,
    /// The holder's note.
    pub metadata: Option<String>,
}
