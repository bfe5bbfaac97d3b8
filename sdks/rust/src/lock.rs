use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::acquire::Granted;
use crate::client::Client;
use crate::error::Result;
use crate::hold_options::HoldOptions;
use crate::keeping::Loss;
use crate::kept::Kept;
use crate::rules::RULES;

/// A lock that is held, and renewed in the background until it is released, dropped or lost.
///
/// Dropping it releases the lock in the background; [`Lock::close`] waits until that is done. A program that is about
/// to exit should wait, since the background ends with the runtime.
#[must_use = "a lock that is dropped is released"]
pub struct Lock {
    name: String,
    lease_id: String,
    fencing_token: u64,
    kept: Kept,
}

impl Lock {
    /// Name of the lock.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Proves to the server that you hold the lock.
    #[must_use]
    pub fn lease_id(&self) -> &str {
        &self.lease_id
    }

    /// Higher than that of all grants before, of any lock. Send it along with every write to what the lock protects,
    /// which must refuse a lower one than it has seen.
    #[must_use]
    pub fn fencing_token(&self) -> u64 {
        self.fencing_token
    }

    /// Resolves when the lock is lost, before anybody else can get it; never, if it is released before. It borrows
    /// nothing, so that another task can wait for it.
    pub fn lost(&self) -> impl Future<Output = Loss> + Send + 'static + use<> {
        self.kept.keeping().lost()
    }

    /// Whether the lock is lost. It looks at the clock, so that a program that was paused is told the truth.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.loss().is_some()
    }

    /// Why the lock is lost, if it is.
    #[must_use]
    pub fn loss(&self) -> Option<Loss> {
        self.kept.keeping().loss()
    }

    /// For how long the lock is held for certain; nothing once it is lost.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.kept.keeping().remaining()
    }

    /// Releases the lock. That it had been lost is no error.
    ///
    /// # Errors
    ///
    /// If the server cannot be told; the lock comes free when its lease ends.
    pub async fn release(self) -> Result<()> {
        self.kept.end().await
    }

    /// Releases the lock and never fails: a lock that cannot be released comes free when its lease ends.
    pub async fn close(self) {
        self.end().await;
    }

    pub(crate) async fn end(&self) {
        let _ = self.kept.end().await;
    }
}

impl fmt::Debug for Lock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Lock")
            .field("name", &self.name)
            .field("fencing_token", &self.fencing_token)
            .field("loss", &self.loss())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Acquires a lock and renews it in the background.
    ///
    /// # Errors
    ///
    /// [`Error::LockHeld`](crate::Error::LockHeld) if it does not come free within the wait;
    /// [`Error::Limit`](crate::Error::Limit) if you hold as many locks as allowed.
    pub async fn hold(&self, name: &str, options: HoldOptions) -> Result<Lock> {
        let HoldOptions { acquire, within } = options;
        let ttl_seconds = acquire.ttl_seconds;
        let granted = self.grant(name, &acquire).await?;
        let proved_at = self.proved(&granted, ttl_seconds).await?;
        let Granted { lease, cleanup, .. } = granted;
        Ok(Lock {
            name: lease.granted.name,
            lease_id: lease.granted.lease_id,
            fencing_token: lease.granted.fencing_token,
            kept: Kept::new(cleanup, ttl_seconds, proved_at, within),
        })
    }

    /// Runs something while a lock is held, and gives what it gives. The lock is released then, and also if this is
    /// dropped or panics. What runs must heed [`Lock::lost`].
    ///
    /// # Errors
    ///
    /// Those of [`Client::hold`].
    pub async fn with_lock<T, F>(
        &self,
        name: &str,
        options: HoldOptions,
        run: impl FnOnce(Arc<Lock>) -> F,
    ) -> Result<T>
    where
        F: Future<Output = T>,
    {
        let lock = Arc::new(self.hold(name, options).await?);
        let result = run(Arc::clone(&lock)).await;
        lock.end().await;
        Ok(result)
    }

    /// A time from which the lease can be counted. It began after its request was sent, but how long after? If that was
    /// long ago, a renewal tells.
    async fn proved(&self, granted: &Granted, ttl_seconds: u32) -> Result<Instant> {
        let period = Duration::from_secs(ttl_seconds.into()) / RULES.renewals_per_ttl;
        if granted.sent_at.elapsed() < period {
            return Ok(granted.sent_at);
        }
        let lease = &granted.lease.granted;
        Ok(self.renewed(&lease.name, &lease.lease_id, ttl_seconds).await?.at)
    }
}
