use std::fmt;
use std::future::Future;
use std::sync::Arc;

use tokio::sync::watch;

use crate::lock::Lock;

/// What a leader is given: the lock, and word of when to stop.
#[derive(Clone)]
pub struct Leadership {
    lock: Arc<Lock>,
    stop: Stop,
}

impl Leadership {
    pub(crate) fn new(lock: Arc<Lock>, stop: Stop) -> Self {
        Self { lock, stop }
    }

    /// The lock that makes this the leader.
    pub fn lock(&self) -> &Lock {
        &self.lock
    }

    /// That of the lock: higher than that of any leader before.
    #[must_use]
    pub fn fencing_token(&self) -> u64 {
        self.lock.fencing_token()
    }

    /// Whether the leader must stop, because the lock is lost or the election is stopped. It looks at the clock, so
    /// that a program that was paused is told the truth.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.stop.is_told() || self.lock.is_lost()
    }

    /// Resolves when the leader must stop. It borrows nothing, so that another task can wait for it.
    pub fn over(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        let (lost, stop) = (self.lock.lost(), self.stop.clone());
        async move {
            tokio::select! {
                _ = lost => {}
                () = stop.wait() => {}
            }
        }
    }
}

impl fmt::Debug for Leadership {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Leadership")
            .field("lock", &self.lock)
            .field("is_over", &self.is_over())
            .finish_non_exhaustive()
    }
}

/// Whether an election is told to stop. That nobody holds the election any more says so too.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl From<watch::Receiver<bool>> for Stop {
    fn from(told: watch::Receiver<bool>) -> Self {
        Self(told)
    }
}

impl Stop {
    pub fn is_told(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    pub async fn wait(&self) {
        let _ = self.0.clone().wait_for(|is_told| *is_told).await;
    }
}
