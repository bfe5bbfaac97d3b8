use serde::Serialize;

use crate::lease::LockMode;

/// How you want to hold a lock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Demand {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<LockMode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permits: Option<u32>,
}

/// One of several locks that you want together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[must_use]
pub struct WantedLock {
    pub(crate) name: String,
    #[serde(flatten)]
    demand: Demand,
}

impl WantedLock {
    /// A lock that you want alone.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), demand: Demand::default() }
    }

    /// Together with everyone else who says so.
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
}
