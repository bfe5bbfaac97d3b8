use std::sync::Arc;
use std::time::Duration;

use crate::acquire_options::AcquireOptions;
use crate::keeping::Keeping;
use crate::session::Session;

/// Options for holding a lock.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct HoldOptions {
    pub(crate) acquire: AcquireOptions,
    /// The session that the lock ends with.
    pub(crate) within: Option<Arc<Keeping>>,
}

impl HoldOptions {
    /// Leases of 60 seconds, without waiting.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long a lease lasts, 1 to 3600 seconds. It is renewed every third of that.
    pub fn ttl_seconds(self, ttl_seconds: u32) -> Self {
        self.with(|acquire| acquire.ttl_seconds(ttl_seconds))
    }

    /// How long to wait in line if someone else holds the lock. No upper limit. Fractions of a second are rounded up.
    pub fn wait(self, wait: Duration) -> Self {
        self.with(|acquire| acquire.wait(wait))
    }

    /// How long one request waits in line at most, 1 to 60 seconds. The client's by default. A longer wait goes on with another
    /// request, which keeps the place in line.
    pub fn wait_slice_seconds(self, wait_slice_seconds: u32) -> Self {
        self.with(|acquire| acquire.wait_slice_seconds(wait_slice_seconds))
    }

    /// A note of at most 1024 bytes, shown to everyone who looks at the lock.
    pub fn metadata(self, metadata: impl Into<String>) -> Self {
        self.with(|acquire| acquire.metadata(metadata))
    }

    /// Holds the lock together with everyone else who says so.
    pub fn shared(self) -> Self {
        self.with(AcquireOptions::shared)
    }

    /// Makes the lock counted: its leases may have this many permits together, 1 to 10,000. Everyone must give the same limit.
    pub fn limit(self, limit: u32) -> Self {
        self.with(|acquire| acquire.limit(limit))
    }

    /// How many permits of a counted lock you want, 1 to its limit. 1 by default.
    pub fn permits(self, permits: u32) -> Self {
        self.with(|acquire| acquire.permits(permits))
    }

    /// For how many seconds no one gets the lock after its lease has expired, or its session, or someone has broken it: 0 to 60, 0 by
    /// default. Use it if the work that the lock protects may go on for a moment. The lock must be exclusive.
    pub fn lock_delay_seconds(self, lock_delay_seconds: u32) -> Self {
        self.with(|acquire| acquire.lock_delay_seconds(lock_delay_seconds))
    }

    /// For how many seconds after the grant no one else gets the lock, even if you release it sooner: 0 to the TTL, 0 by default. The
    /// lock must be exclusive.
    pub fn min_hold_seconds(self, min_hold_seconds: u32) -> Self {
        self.with(|acquire| acquire.min_hold_seconds(min_hold_seconds))
    }

    /// Asks for a proof of the lease. Anyone can verify it with the server's public keys, without asking the server.
    pub fn proof(self) -> Self {
        self.with(AcquireOptions::proof)
    }

    /// A UUID for the lease, such as to find your place in line with [`Client::queue`](crate::Client::queue). A new one by default.
    pub fn lease_id(self, lease_id: impl Into<String>) -> Self {
        self.with(|acquire| acquire.lease_id(lease_id))
    }

    /// Ties the lock to a session. When the session is lost or ends, so is the lock.
    pub fn session(mut self, session: &Session) -> Self {
        self.within = Some(Arc::clone(session.keeping()));
        self.with(|acquire| acquire.session_id(session.id()))
    }

    fn with(self, change: impl FnOnce(AcquireOptions) -> AcquireOptions) -> Self {
        Self { acquire: change(self.acquire), ..self }
    }
}
