use serde::{Deserialize, Serialize};

/// How a lease holds a lock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LockMode {
    /// One lease holds the lock alone.
    #[default]
    Exclusive,
    /// Any number of leases may hold the lock together.
    Shared,
    /// Leases share the permits of the lock.
    Counted,
}

/// How a lease holds a lock, with its permits if the lock is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LockHold {
    /// The mode. Servers of version 1.0 have only exclusive locks.
    #[serde(default)]
    pub mode: LockMode,
    /// How many permits the lock has. Only if it is counted.
    pub limit: Option<u32>,
    /// How many permits the lease has. Only if the lock is counted.
    pub permits: Option<u32>,
    /// The numbers of its permits, from 0 to `limit` minus 1. No other lease has them. Only if the lock is counted.
    pub slots: Option<Vec<u32>>,
}

/// One lock of a lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LeaseLock {
    /// Name of the lock.
    pub name: String,
    /// How the lease holds it.
    #[serde(flatten)]
    pub hold: LockHold,
}

/// Someone asks the holders of a lock to release it. Each of them decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReleaseRequest {
    /// Login of the user who asks.
    pub by: String,
    /// Their message, if there is one.
    pub message: Option<String>,
    /// When they asked, by the server's clock, in RFC 3339 format.
    pub at: String,
}

/// A lease with all its locks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire")]
#[non_exhaustive]
pub struct Lease {
    /// `acquired` if this call granted the lease, `held` if it existed before.
    pub status: String,
    /// The id of the lease, which proves that it is yours.
    pub lease_id: String,
    /// Higher than that of every earlier grant, of any lock.
    pub fencing_token: u64,
    /// When the lease expires unless it is renewed, by the server's clock, in RFC 3339 format.
    pub expires_at: String,
    /// Your login.
    pub holder: String,
    /// Your id.
    pub holder_id: String,
    /// The note that you gave.
    pub metadata: Option<String>,
    /// Its locks, in the order in which you asked for them. There is at least one.
    pub locks: Vec<LeaseLock>,
    /// The session that it is tied to, if the server has said so.
    pub session_id: Option<String>,
    /// Shows others that you hold the locks, until it expires: a JSON Web Token, without the id of the lease. Only if you asked for one.
    pub proof: Option<String>,
    /// The latest request to release one of its locks. Only after a renewal, and only if there is one.
    pub release_requested: Option<ReleaseRequest>,
}

impl Lease {
    pub(crate) fn existed(&self) -> bool {
        self.status == "held"
    }
}

/// A lease as the server writes it. Of one lock, it names the locks only if it is asked for the lease by its id.
#[derive(Deserialize)]
struct Wire {
    status: String,
    lease_id: String,
    fencing_token: u64,
    expires_at: String,
    holder: String,
    holder_id: String,
    metadata: Option<String>,
    name: Option<String>,
    #[serde(flatten)]
    hold: LockHold,
    #[serde(default)]
    locks: Vec<LeaseLock>,
    session_id: Option<String>,
    proof: Option<String>,
    release_requested: Option<ReleaseRequest>,
}

impl TryFrom<Wire> for Lease {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        let mut locks = wire.locks;
        if locks.is_empty() {
            let name = wire.name.ok_or("a lease without any lock")?;
            locks.push(LeaseLock { name, hold: wire.hold });
        }
        Ok(Self {
            status: wire.status,
            lease_id: wire.lease_id,
            fencing_token: wire.fencing_token,
            expires_at: wire.expires_at,
            holder: wire.holder,
            holder_id: wire.holder_id,
            metadata: wire.metadata,
            locks,
            session_id: wire.session_id,
            proof: wire.proof,
            release_requested: wire.release_requested,
        })
    }
}
