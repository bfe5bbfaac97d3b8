use std::sync::{Mutex, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};

/// Lets something renew at once. For test doubles.
#[derive(Debug)]
#[cfg_attr(not(feature = "testing"), allow(dead_code, reason = "there is no test double"))]
pub(crate) struct Hurrying(mpsc::UnboundedSender<oneshot::Sender<()>>);

/// The other end: what is to be renewed at once.
#[derive(Debug)]
pub(crate) struct Hurry {
    asked: AsyncMutex<mpsc::UnboundedReceiver<oneshot::Sender<()>>>,
    /// Dropping them tells those who asked that the attempt was made.
    attempting: Mutex<Vec<oneshot::Sender<()>>>,
}

pub(crate) fn hurry() -> (Hurrying, Hurry) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (Hurrying(sender), Hurry { asked: AsyncMutex::new(receiver), attempting: Mutex::default() })
}

#[cfg(feature = "testing")]
impl Hurrying {
    pub fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    /// Resolves after an attempt, or with what is to be renewed. None if that has ended.
    pub fn renew_now(&self) -> Option<oneshot::Receiver<()>> {
        let (sender, receiver) = oneshot::channel();
        self.0.send(sender).ok()?;
        Some(receiver)
    }
}

impl Hurry {
    /// Resolves when an attempt is to be made at once. That may be never.
    pub async fn asked(&self) {
        let Some(done) = self.asked.lock().await.recv().await else { return std::future::pending().await };
        self.attempting.lock().unwrap_or_else(PoisonError::into_inner).push(done);
    }

    /// An attempt was made.
    pub fn attempted(&self) {
        self.attempting.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
