use std::fmt;
use std::future::Future;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::calls::is_final;
use crate::checks;
use crate::cleanup::GivingUp;
use crate::client::Client;
use crate::delay::delay;
use crate::error::{Error, Result};
use crate::hold_options::HoldOptions;
use crate::leadership::{Leadership, Stop};
use crate::lease_route::LeaseRoute;
use crate::lock::Lock;
use crate::rules::RULES;
use crate::session::Session;

/// Options for taking part in an election.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ElectOptions {
    hold: HoldOptions,
    is_once: bool,
}

impl ElectOptions {
    /// Leases of 60 seconds, and leading again and again.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long a lease lasts, 1 to 3600 seconds. If a leader dies, the next one leads after this time at the latest.
    pub fn ttl_seconds(mut self, ttl_seconds: u32) -> Self {
        self.hold = self.hold.ttl_seconds(ttl_seconds);
        self
    }

    /// How long one request waits in line at most, 1 to 60 seconds. The client's by default.
    pub fn wait_slice_seconds(mut self, wait_slice_seconds: u32) -> Self {
        self.hold = self.hold.wait_slice_seconds(wait_slice_seconds);
        self
    }

    /// A note of at most 1024 bytes, shown to everyone who looks at the lock.
    pub fn metadata(mut self, metadata: impl Into<String>) -> Self {
        self.hold = self.hold.metadata(metadata);
        self
    }

    /// For how many seconds no one leads after the lease of the leader has expired, or its session, or someone has broken it: 0 to 60,
    /// 0 by default. Use it if a leader may go on for a moment.
    pub fn lock_delay_seconds(mut self, lock_delay_seconds: u32) -> Self {
        self.hold = self.hold.lock_delay_seconds(lock_delay_seconds);
        self
    }

    /// Ties the lock to a session. When the session is lost or ends, so is the lock.
    pub fn session(mut self, session: &Session) -> Self {
        self.hold = self.hold.session(session);
        self
    }

    /// Leaves the election after leading once.
    pub fn once(mut self) -> Self {
        self.is_once = true;
        self
    }
}

/// A campaign in an election, in the background.
///
/// It is also a future that resolves when the election ends by itself, with its error, if there is one. Dropping it stops the
/// election like [`Election::stop`], without waiting. An error that no one asks for is logged with [`log::error!`].
#[must_use = "an election that is dropped is stopped"]
pub struct Election<E = Error> {
    name: String,
    stop: watch::Sender<bool>,
    task: JoinHandle<Ended<E>>,
}

/// How an election has ended. If no one asks for its error, that is logged.
struct Ended<E> {
    name: String,
    result: Option<Result<(), E>>,
    /// The error that no one has asked for yet.
    untold: Option<String>,
}

impl<E: fmt::Debug> Ended<E> {
    fn new(name: String, result: Result<(), E>) -> Self {
        let untold = result.as_ref().err().map(|error| format!("{error:?}"));
        Self { name, result: Some(result), untold }
    }
}

impl<E> Ended<E> {
    fn tell(mut self) -> Result<(), E> {
        self.untold = None;
        self.result.take().unwrap_or(Ok(()))
    }
}

impl<E> Drop for Ended<E> {
    fn drop(&mut self) {
        if let Some(error) = &self.untold {
            log::error!("octostore: the election for {} has ended with {error}", self.name);
        }
    }
}

impl<E> Election<E> {
    /// Stops the election. If the function is running, it is told to stop. This waits for it, then releases the lock.
    ///
    /// # Errors
    ///
    /// The error that ended the election, even if it ended earlier.
    pub async fn stop(self) -> Result<(), E> {
        self.stop.send_replace(true);
        self.await
    }

    /// The name of the lock.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the election has ended. To learn how, wait for it.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.task.is_finished()
    }
}

impl<E> Future for Election<E> {
    type Output = Result<(), E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let joined = ready!(Pin::new(&mut self.task).poll(context));
        // The task is never aborted, so an error can only be a panic of the function.
        Poll::Ready(joined.unwrap_or_else(|error| resume_unwind(error.into_panic())).tell())
    }
}

impl<E> fmt::Debug for Election<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Election").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Client {
    /// Campaigns for a lock and runs `lead` while holding it, again and again, until you stop the election.
    ///
    /// `lead` learns from its [`Leadership`] when it must stop. The election waits for it: it does not lead again
    /// before `lead` has returned.
    ///
    /// The election ends with any error from `lead`, and with errors that retrying cannot fix, such as
    /// [`Error::Authentication`]. After any other error it continues.
    ///
    /// # Panics
    ///
    /// If called outside of a Tokio runtime.
    pub fn elect<E, F>(
        &self,
        name: &str,
        options: ElectOptions,
        lead: impl FnMut(Leadership) -> F + Send + 'static,
    ) -> Election<E>
    where
        E: From<Error> + fmt::Debug + Send + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
    {
        let (stop, stopped) = watch::channel(false);
        let ElectOptions { hold, is_once } = options;
        let candidate = Candidate {
            client: self.clone(),
            name: name.to_owned(),
            hold: hold.wait(Duration::from_secs(RULES.wait_seconds_per_request_max)),
            is_once,
            stop: Stop::from(stopped),
        };
        let of = name.to_owned();
        let task = tokio::spawn(async move { Ended::new(of, candidate.run(lead).await) });
        Election { name: name.to_owned(), stop, task }
    }
}

struct Candidate {
    client: Client,
    name: String,
    hold: HoldOptions,
    is_once: bool,
    stop: Stop,
}

impl Candidate {
    /// Campaigns and leads in turn.
    async fn run<E, F>(self, mut lead: impl FnMut(Leadership) -> F) -> Result<(), E>
    where
        E: From<Error>,
        F: Future<Output = Result<(), E>>,
    {
        // Also if the election is stopped before it has begun.
        checks::name(&self.name)?;
        checks::ttl(self.hold.acquire.ttl_seconds)?;
        while let Some(lock) = self.campaign().await? {
            let lock = Arc::new(lock);
            let result = lead(Leadership::new(Arc::clone(&lock), self.stop.clone())).await;
            lock.end().await;
            result?;
            if self.is_once {
                break;
            }
        }
        Ok(())
    }

    /// Returns the lock once it is acquired, or none if the election is stopped first.
    async fn campaign(&self) -> Result<Option<Lock>> {
        tokio::select! {
            biased;
            () = self.stop.wait() => Ok(None),
            lock = self.win() => lock.map(Some),
        }
    }

    async fn win(&self) -> Result<Lock> {
        let mut failures = 0;
        loop {
            match self.client.held(LeaseRoute::of(&self.name), self.hold.clone(), GivingUp::Briefly).await {
                Err(Error::LockHeld(_)) => failures = 0,
                Err(error) if !is_final(&error) => {
                    failures += 1;
                    tokio::time::sleep(delay(failures, error.retry_after())).await;
                }
                other => return other,
            }
        }
    }
}
