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

    /// Ties the lock to a session. When the session is lost or ends, so is the lock.
    pub fn session(mut self, session: &Session) -> Self {
        self.within = Some(Arc::clone(session.keeping()));
        self.with(|acquire| acquire.session_id(session.id()))
    }

    fn with(self, change: impl FnOnce(AcquireOptions) -> AcquireOptions) -> Self {
        Self { acquire: change(self.acquire), ..self }
    }
}
