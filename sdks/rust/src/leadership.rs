use std::fmt;
use std::future::Future;
use std::sync::Arc;

use tokio::sync::watch;

use crate::lock::Lock;

/// What a leader gets: the lock, and the signal to stop.
#[derive(Clone)]
pub struct Leadership {
    lock: Arc<Lock>,
    stop: Stop,
}

impl Leadership {
    pub(crate) fn new(lock: Arc<Lock>, stop: Stop) -> Self {
        Self { lock, stop }
    }

    /// The lock that makes this process the leader.
    pub fn lock(&self) -> &Lock {
        &self.lock
    }

    /// The lock's fencing token. Higher than that of every earlier leader.
    #[must_use]
    pub fn fencing_token(&self) -> u64 {
        self.lock.fencing_token()
    }

    /// Whether the leader must stop, because the lock is lost or the election has been stopped. Checks the clock, so it
    /// is correct even right after the program was paused.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.stop.is_told() || self.lock.is_lost()
    }

    /// Resolves when the leader must stop. It borrows nothing, so another task can wait for it.
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

/// Whether an election has been told to stop. Dropping the election also stops it.
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
