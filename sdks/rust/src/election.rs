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
use crate::client::Client;
use crate::delay::delay;
use crate::error::{Error, Result};
use crate::hold_options::HoldOptions;
use crate::leadership::{Leadership, Stop};
use crate::lock::Lock;
use crate::rules::RULES;
use crate::session::Session;

/// How to take part in an election.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ElectOptions {
    hold: HoldOptions,
    is_once: bool,
}

impl ElectOptions {
    /// Leases of 60 seconds, again and again.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long a lease lasts, from 1 to 3600 seconds. If a leader dies, the next one leads no later than after that.
    pub fn ttl_seconds(mut self, ttl_seconds: u32) -> Self {
        self.hold = self.hold.ttl_seconds(ttl_seconds);
        self
    }

    /// A note of at most 1024 bytes that everybody who looks at the lock sees.
    pub fn metadata(mut self, metadata: impl Into<String>) -> Self {
        self.hold = self.hold.metadata(metadata);
        self
    }

    /// Ties the lock to a session, with which it is lost at the latest.
    pub fn session(mut self, session: &Session) -> Self {
        self.hold = self.hold.session(session);
        self
    }

    /// Leaves the election after having led once.
    pub fn once(mut self) -> Self {
        self.is_once = true;
        self
    }
}

/// Taking part in an election, in the background.
///
/// It is a future of the end of that, for an election that ends by itself. Dropping it stops the election like
/// [`Election::stop`], without waiting.
#[must_use = "an election that is dropped is stopped"]
pub struct Election<E = Error> {
    stop: watch::Sender<bool>,
    task: JoinHandle<Result<(), E>>,
}

impl<E> Election<E> {
    /// Stops the election: the function, if it leads, is told, it is waited for, and then the lock is released.
    ///
    /// # Errors
    ///
    /// What the election ended with, be that before.
    pub async fn stop(self) -> Result<(), E> {
        self.stop.send_replace(true);
        self.await
    }
}

impl<E> Future for Election<E> {
    type Output = Result<(), E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let joined = ready!(Pin::new(&mut self.task).poll(context));
        // Nobody aborts the task, so that an error can only be a panic of the function.
        Poll::Ready(joined.unwrap_or_else(|error| resume_unwind(error.into_panic())))
    }
}

impl<E> fmt::Debug for Election<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Election").finish_non_exhaustive()
    }
}

impl Client {
    /// Campaigns for a lock and runs `lead` while it is held, again and again, until that is stopped.
    ///
    /// `lead` is told through its [`Leadership`] when it must stop. It is waited for: in this election nothing else
    /// leads before it has returned.
    ///
    /// The election ends with the error of `lead`, and with those that no campaign can mend, such as
    /// [`Error::Authentication`]. After others the campaign goes on.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub fn elect<E, F>(
        &self,
        name: &str,
        options: ElectOptions,
        lead: impl FnMut(Leadership) -> F + Send + 'static,
    ) -> Election<E>
    where
        E: From<Error> + Send + 'static,
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
        let task = tokio::spawn(candidate.run(lead));
        Election { stop, task }
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
        // Also if it is stopped before it has begun.
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

    /// The lock, as soon as it can be had; none if the election is stopped before.
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
            match self.client.hold(&self.name, self.hold.clone()).await {
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
