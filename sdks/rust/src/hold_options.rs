use std::sync::Arc;
use std::time::Duration;

use crate::acquire_options::AcquireOptions;
use crate::keeping::Keeping;
use crate::session::Session;

/// How a lock shall be held.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct HoldOptions {
    pub(crate) acquire: AcquireOptions,
    /// What the lock is lost with at the latest.
    pub(crate) within: Option<Arc<Keeping>>,
}

impl HoldOptions {
    /// Leases of 60 seconds, if the lock is free.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long a lease lasts, from 1 to 3600 seconds. It is renewed each third of that.
    pub fn ttl_seconds(self, ttl_seconds: u32) -> Self {
        self.with(|acquire| acquire.ttl_seconds(ttl_seconds))
    }

    /// How long to wait in line if somebody else has the lock: as long as you like. Parts of a second count as one.
    pub fn wait(self, wait: Duration) -> Self {
        self.with(|acquire| acquire.wait(wait))
    }

    /// A note of at most 1024 bytes that everybody who looks at the lock sees.
    pub fn metadata(self, metadata: impl Into<String>) -> Self {
        self.with(|acquire| acquire.metadata(metadata))
    }

    /// Ties the lock to a session, with which it is lost at the latest.
    pub fn session(mut self, session: &Session) -> Self {
        self.within = Some(Arc::clone(session.keeping()));
        self.with(|acquire| acquire.session_id(session.id()))
    }

    fn with(self, change: impl FnOnce(AcquireOptions) -> AcquireOptions) -> Self {
        Self { acquire: change(self.acquire), ..self }
    }
}
