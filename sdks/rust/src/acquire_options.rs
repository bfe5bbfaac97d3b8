use std::time::Duration;

use crate::demand::Demand;
use crate::lease::LockMode;
use crate::lease_route::LeaseRoute;
use crate::rules::RULES;

/// Options for acquiring a lock.
#[derive(Debug, Clone)]
#[must_use]
pub struct AcquireOptions {
    pub(crate) ttl_seconds: u32,
    pub(crate) wait: Duration,
    pub(crate) wait_slice_seconds: Option<u32>,
    pub(crate) metadata: Option<String>,
    pub(crate) session_id: Option<String>,
    pub(crate) lease_id: Option<String>,
    pub(crate) demand: Demand,
    pub(crate) lock_delay_seconds: Option<u32>,
    pub(crate) min_hold_seconds: Option<u32>,
    pub(crate) proof: bool,
}

impl AcquireOptions {
    /// A lease of 60 seconds, without waiting.
    pub fn new() -> Self {
        Self {
            ttl_seconds: RULES.ttl_seconds_default,
            wait: Duration::ZERO,
            wait_slice_seconds: None,
            metadata: None,
            session_id: None,
            lease_id: None,
            demand: Demand::default(),
            lock_delay_seconds: None,
            min_hold_seconds: None,
            proof: false,
        }
    }

    pub(crate) fn route(&self, name: &str) -> LeaseRoute {
        LeaseRoute::Lock { name: name.to_owned(), demand: self.demand.clone() }
    }

    /// How long the lease lasts, 1 to 3600 seconds.
    pub fn ttl_seconds(mut self, ttl_seconds: u32) -> Self {
        self.ttl_seconds = ttl_seconds;
        self
    }

    /// How long to wait in line if someone else holds the lock. No upper limit. Fractions of a second are rounded up.
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// How long one request waits in line at most, 1 to 60 seconds. The client's by default. A longer wait goes on with another
    /// request, which keeps the place in line.
    pub fn wait_slice_seconds(mut self, wait_slice_seconds: u32) -> Self {
        self.wait_slice_seconds = Some(wait_slice_seconds);
        self
    }

    /// A note of at most 1024 bytes, shown to everyone who looks at the lock.
    pub fn metadata(mut self, metadata: impl Into<String>) -> Self {
        self.metadata = Some(metadata.into());
        self
    }

    /// Holds the lock together with everyone else who says so.
    pub fn shared(mut self) -> Self {
        self.demand.mode = Some(LockMode::Shared);
        self
    }

    /// Makes the lock counted: its leases may have this many permits together, 1 to 10,000. Everyone must give the same limit.
    pub fn limit(mut self, limit: u32) -> Self {
        self.demand.limit = Some(limit);
        self
    }

    /// How many permits of a counted lock you want, 1 to its limit. 1 by default.
    pub fn permits(mut self, permits: u32) -> Self {
        self.demand.permits = Some(permits);
        self
    }

    /// For how many seconds no one gets the lock after its lease has expired, or its session, or someone has broken it: 0 to 60, 0 by
    /// default. Use it if the work that the lock protects may go on for a moment. The lock must be exclusive.
    pub fn lock_delay_seconds(mut self, lock_delay_seconds: u32) -> Self {
        self.lock_delay_seconds = Some(lock_delay_seconds);
        self
    }

    /// For how many seconds after the grant no one else gets the lock, even if you release it sooner: 0 to the TTL, 0 by default. The
    /// lock must be exclusive.
    pub fn min_hold_seconds(mut self, min_hold_seconds: u32) -> Self {
        self.min_hold_seconds = Some(min_hold_seconds);
        self
    }

    /// Asks for a proof of the lease. Anyone can verify it with the server's public keys, without asking the server.
    pub fn proof(mut self) -> Self {
        self.proof = true;
        self
    }

    /// Ties the lease to a session.
    pub fn session_id(mut self, session_id: impl Into<String>) -> Self {
        self.session_id = Some(session_id.into());
        self
    }

    /// A UUID for the lease. A new one by default.
    pub fn lease_id(mut self, lease_id: impl Into<String>) -> Self {
        self.lease_id = Some(lease_id.into());
        self
    }
}

impl Default for AcquireOptions {
    fn default() -> Self {
        Self::new()
    }
}
