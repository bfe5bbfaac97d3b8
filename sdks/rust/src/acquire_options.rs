use std::time::Duration;

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
        }
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
