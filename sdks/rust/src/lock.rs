use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::acquire::Granted;
use crate::calls::Sent;
use crate::cleanup::GivingUp;
use crate::client::Client;
use crate::error::{Error, LockLostError, Result};
use crate::grip::Grip;
use crate::hold_options::HoldOptions;
use crate::keeping::Loss;
use crate::kept::Kept;
use crate::lease::{Lease, LeaseLock, LockMode, ReleaseRequest};
use crate::lease_route::LeaseRoute;
use crate::message::Message;
use crate::release_requests::ReleaseRequests;
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
    grip: Arc<Grip>,
    kept: Arc<Kept>,
}

impl Lock {
    /// Name of the lock. If you hold several: of the first.
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
    /// must refuse any token lower than the highest it has seen. It changes only if you convert a lock to
    /// [`LockMode::Exclusive`].
    #[must_use]
    pub fn fencing_token(&self) -> u64 {
        self.grip.fencing_token()
    }

    /// All locks that you hold, in the order in which you asked for them.
    #[must_use]
    pub fn locks(&self) -> Vec<LeaseLock> {
        self.grip.locks()
    }

    /// The numbers of your permits of the lock, if it is counted. If you hold several locks: of the first.
    #[must_use]
    pub fn slots(&self) -> Vec<u32> {
        self.locks().swap_remove(0).hold.slots.unwrap_or_default()
    }

    /// The proof of the lease, if you asked for one. Each renewal replaces it, so call this each time that you need it. After a
    /// conversion, it says how you held the lock before, until the next renewal.
    #[must_use]
    pub fn proof(&self) -> Option<String> {
        self.grip.proof()
    }

    /// The latest request of someone else to release a lock that you hold. You decide.
    #[must_use]
    pub fn release_requested(&self) -> Option<ReleaseRequest> {
        self.grip.release_requested()
    }

    /// The requests of others to release a lock that you hold, each once. The handle learns of them when it next renews, within a third
    /// of the TTL.
    #[must_use]
    pub fn release_requests(&self) -> ReleaseRequests {
        ReleaseRequests::new(self.grip.release_requests(), self.kept.keeping().over())
    }

    /// Holds the lock, or the first one of several, in another mode, without letting go of it. See [`Lock::convert_lock`].
    ///
    /// # Errors
    ///
    /// Those of [`Lock::convert_lock`].
    pub async fn convert(&self, mode: LockMode) -> Result<()> {
        self.convert_lock(&self.name, mode).await
    }

    /// Holds one of the locks in another mode, without letting go of it. If you already do, nothing changes.
    ///
    /// - [`LockMode::Shared`] always succeeds, and lets waiting readers in.
    /// - [`LockMode::Exclusive`] succeeds only if no one else holds the lock, ahead of everyone in line. You get a new fencing token,
    ///   which replaces the old one for all locks of the handle.
    ///
    /// # Errors
    ///
    /// [`Error::LockHeld`] if others hold the lock; [`Error::Validation`] if it is counted or the handle does not hold it;
    /// [`Error::NotFound`] if it is lost. If the outcome is unknown, after [`Error::Network`] for example, the next renewal updates
    /// [`Lock::locks`] and [`Lock::fencing_token`].
    pub async fn convert_lock(&self, name: &str, mode: LockMode) -> Result<()> {
        if !self.locks().iter().any(|lock| lock.name == name) {
            return Err(Error::validation("The handle does not hold this lock."));
        }
        let conversion = self.kept.client().converted(name, &self.lease_id, mode);
        let converted = self.grip.convert(conversion).await;
        if let Err(Error::NotFound { message }) = &converted {
            self.kept.keeping().has_ended(message.clone());
        }
        converted
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

    /// What the server has said about the end of the lease, if that is how the lock was lost. [`Message::broken`] says who broke it,
    /// if someone has.
    #[must_use]
    pub fn loss_message(&self) -> Option<Message> {
        self.kept.keeping().said()
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
            .field("fencing_token", &self.fencing_token())
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
        self.held(options.acquire.route(name), options, GivingUp::Thoroughly).await
    }

    pub(crate) async fn held(
        &self,
        route: LeaseRoute,
        options: HoldOptions,
        giving_up: GivingUp,
    ) -> Result<Lock> {
        let HoldOptions { acquire, within } = options;
        let ttl_seconds = acquire.ttl_seconds;
        let granted = self.grant(route.clone(), &acquire, giving_up).await?;
        let renewed = self.freshened(&route, &granted, ttl_seconds, acquire.proof).await?;
        let Granted { lease, sent_at, mut cleanup } = granted;
        let (lease, proved_at) = match renewed {
            Some(Sent { value, at }) => (value, at),
            None => (lease, sent_at),
        };
        let (name, lease_id) = (lease.locks[0].name.clone(), lease.lease_id.clone());
        let grip = Arc::new(Grip::new(lease));
        cleanup.held(&grip, acquire.proof);
        Ok(Lock { name, lease_id, grip, kept: Kept::new(cleanup, ttl_seconds, proved_at, within) })
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

    /// A lease began some time after its request was sent. If that was long ago, this renews it, to count from the renewal.
    async fn freshened(
        &self,
        route: &LeaseRoute,
        granted: &Granted,
        ttl_seconds: u32,
        proof: bool,
    ) -> Result<Option<Sent<Lease>>> {
        let period = Duration::from_secs(ttl_seconds.into()) / RULES.renewals_per_ttl;
        if granted.sent_at.elapsed() < period {
            return Ok(None);
        }
        let timeout = renewal_timeout(self, ttl_seconds);
        self.renewed(route, &granted.lease.lease_id, ttl_seconds, proof, timeout).await.map(Some)
    }
}
