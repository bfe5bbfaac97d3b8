use std::future::Future;
use std::pin::Pin;

use tokio::sync::watch;

use crate::lease::ReleaseRequest;

/// The requests of others to release a lock, each once. If you have not received one before the next comes, you get the latest.
pub struct ReleaseRequests {
    known: watch::Receiver<Option<ReleaseRequest>>,
    over: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl ReleaseRequests {
    pub(crate) fn new(
        known: watch::Receiver<Option<ReleaseRequest>>,
        over: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        Self { known, over: Box::pin(over) }
    }

    /// The next request. None once the lock is released or lost. You can drop this future without missing anything.
    pub async fn next(&mut self) -> Option<ReleaseRequest> {
        loop {
            tokio::select! {
                biased;
                changed = self.known.changed() => changed.ok()?,
                () = &mut self.over => return None,
            }
            let request = self.known.borrow_and_update().clone();
            if request.is_some() {
                return request;
            }
        }
    }
}

impl std::fmt::Debug for ReleaseRequests {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ReleaseRequests").finish_non_exhaustive()
    }
}
