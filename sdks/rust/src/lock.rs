use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::acquire::Granted;
use crate::cleanup::GivingUp;
use crate::client::Client;
use crate::clock::Moment;
use crate::error::{Error, LockLostError, Result};
use crate::hold_options::HoldOptions;
use crate::keeping::Loss;
use crate::kept::Kept;
use crate::remote::renewal_timeout;
use crate::rules::RULES;

/// A lock that you hold. It is renewed in the background until it is released, dropped or lost.
///
/// Dropping it releases the lock in the background; [`Lock::close`] waits for the release. If your program is about to
/// exit, wait, because background tasks end with the runtime.
#[must_use = "a lock that is dropped is released"]
pub struct Lock {
    name: String,
    lease_id: String,
    fencing_token: u64,
    kept: Arc<Kept>,
}

impl Lock {
    /// Name of the lock.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the lease, which proves to the server that you hold the lock.
    #[must_use]
    pub fn lease_id(&self) -> &str {
        &self.lease_id
    }

    /// Higher than that of every earlier grant, of any lock. Send it with every write to what the lock protects, which
    /// must refuse any token lower than the highest it has seen.
    #[must_use]
    pub fn fencing_token(&self) -> u64 {
        self.fencing_token
    }

    /// Resolves when the lock is lost, before anyone else can get it. Never resolves if it is released first. It
    /// borrows nothing, so another task can wait for it.
    pub fn lost(&self) -> impl Future<Output = Loss> + Send + 'static + use<> {
        self.kept.keeping().lost()
    }

    /// Whether the lock is lost. Checks the clock, so it is correct even right after the program was paused.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.loss().is_some()
    }

    /// Why the lock is lost, if it is.
    #[must_use]
    pub fn loss(&self) -> Option<Loss> {
        self.kept.keeping().loss()
    }

    /// How long the lock is certain to be held. Zero once it is lost.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.kept.keeping().remaining()
    }

    /// Releases the lock, in no more time than what is left of its lease. It is not an error if the lock was already lost.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached. The lease then expires on its own.
    pub async fn release(self) -> Result<()> {
        self.kept.end().await
    }

    /// Releases the lock. Never fails: if the lock cannot be released, its lease expires on its own.
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
            .field("state", &self.kept.keeping().state())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Acquires a lock and renews it in the background.
    ///
    /// # Errors
    ///
    /// [`Error::LockHeld`](crate::Error::LockHeld) if it is still held when the wait is over;
    /// [`Error::Limit`](crate::Error::Limit) if you have reached your limit of locks.
    pub async fn hold(&self, name: &str, options: HoldOptions) -> Result<Lock> {
        self.held(name, options, GivingUp::Thoroughly).await
    }

    pub(crate) async fn held(&self, name: &str, options: HoldOptions, giving_up: GivingUp) -> Result<Lock> {
        let HoldOptions { acquire, within } = options;
        let ttl_seconds = acquire.ttl_seconds;
        let granted = self.grant(name, &acquire, giving_up).await?;
        let proved_at = self.proved(&granted, ttl_seconds).await?;
        let Granted { lease, cleanup, .. } = granted;
        Ok(Lock {
            name: lease.granted.name,
            lease_id: lease.granted.lease_id,
            fencing_token: lease.granted.fencing_token,
            kept: Kept::new(cleanup, ttl_seconds, proved_at, within),
        })
    }

    /// Runs a future while holding a lock, and returns its output. The lock is released afterwards, and also if this is
    /// dropped or panics. The future must stop when [`Lock::lost`] resolves.
    ///
    /// # Errors
    ///
    /// Those of [`Client::hold`], and [`Error::LockLost`] if the lock was lost while the future ran, whatever its output is. If the
    /// future can fail, prefer [`Client::try_with_lock`], which returns its error even then.
    pub async fn with_lock<T, F>(
        &self,
        name: &str,
        options: HoldOptions,
        run: impl FnOnce(Arc<Lock>) -> F,
    ) -> Result<T>
    where
        F: Future<Output = T>,
    {
        let run = |lock| async { Ok(run(lock).await) };
        self.try_with_lock(name, options, run).await
    }

    /// Runs a future that can fail while holding a lock, and returns its output. Otherwise like [`Client::with_lock`].
    ///
    /// # Errors
    ///
    /// The error of the future, those of [`Client::hold`], and [`Error::LockLost`] if the lock was lost while the future ran, even
    /// though the future itself has not failed.
    pub async fn try_with_lock<T, E, F>(
        &self,
        name: &str,
        options: HoldOptions,
        run: impl FnOnce(Arc<Lock>) -> F,
    ) -> Result<T, E>
    where
        E: From<Error>,
        F: Future<Output = Result<T, E>>,
    {
        let lock = Arc::new(self.hold(name, options).await?);
        let result = run(Arc::clone(&lock)).await;
        let loss = lock.loss();
        lock.end().await;
        match (result, loss) {
            (Ok(_), Some(loss)) => Err(Error::from(LockLostError { lock: lock.name.clone(), loss }).into()),
            (result, _) => result,
        }
    }

    /// A recent time to count the lease from. The lease began some time after its request was sent. If that was long
    /// ago, this renews the lease and counts from the renewal.
    async fn proved(&self, granted: &Granted, ttl_seconds: u32) -> Result<Moment> {
        let period = Duration::from_secs(ttl_seconds.into()) / RULES.renewals_per_ttl;
        if granted.sent_at.elapsed() < period {
            return Ok(granted.sent_at);
        }
        let lease = &granted.lease.granted;
        let timeout = renewal_timeout(self, ttl_seconds);
        Ok(self.renewed(&lease.name, &lease.lease_id, ttl_seconds, timeout).await?.at)
    }
}
