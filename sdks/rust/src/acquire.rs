use std::time::Duration;

use serde::Serialize;

use crate::acquire_options::AcquireOptions;
use crate::answer::json;
use crate::calls::{Plan, Sent, Twice};
use crate::checks;
use crate::cleanup::{Cleanup, GivingUp};
use crate::client::Client;
use crate::clock::Moment;
use crate::delay::delay;
use crate::error::{Error, Result};
use crate::flag::Flag;
use crate::lease::Lease;
use crate::lease_route::LeaseRoute;
use crate::remote::Remote;
use crate::transport::Request;

/// A lease that was just granted. Dropping this releases it in the background.
pub(crate) struct Granted {
    pub lease: Lease,
    /// When the request was sent. The lease cannot have begun earlier.
    pub sent_at: Moment,
    pub cleanup: Cleanup,
}

impl Client {
    /// Acquires a lock, and waits for it as long as the options say. If this is dropped or fails and the lock may have
    /// been granted after all, it is released in the background, so that it does not stay held with no one using it.
    pub(crate) async fn grant(
        &self,
        route: LeaseRoute,
        options: &AcquireOptions,
        giving_up: GivingUp,
    ) -> Result<Granted> {
        route.check_wanted()?;
        checks::ttl(options.ttl_seconds)?;
        checks::cooling(options.lock_delay_seconds, options.min_hold_seconds, options.ttl_seconds)?;
        let slice_seconds = options.wait_slice_seconds.unwrap_or(self.wait_slice_seconds);
        checks::wait_slice(slice_seconds)?;
        let new_id = || uuid::Uuid::new_v4().to_string();
        let lease_id = options.lease_id.clone().unwrap_or_else(new_id);
        let cleanup = Cleanup::new(self.clone(), Remote::lease(route.clone(), &lease_id), giving_up);
        let until = Moment::now().after(options.wait);
        let slice = Duration::from_secs(slice_seconds.into());
        let acquiring = Acquiring { client: self, route, options, lease_id, until, slice };
        let result = acquiring.run(&cleanup.may_be_there).await;
        if result.as_ref().is_err_and(|error| error.code() == Some("lease_mismatch")) {
            // The lease with this id is another one.
            cleanup.may_be_there.set(false);
        }
        let (lease, sent_at) = result?;
        cleanup.may_be_there.set(true);
        Ok(Granted { lease, sent_at, cleanup })
    }
}

/// An acquire in progress.
struct Acquiring<'a> {
    client: &'a Client,
    route: LeaseRoute,
    options: &'a AcquireOptions,
    lease_id: String,
    /// When the wait is over.
    until: Moment,
    /// How long one request waits at most.
    slice: Duration,
}

impl Acquiring<'_> {
    /// Asks for the lock, repeatedly if necessary, because one request waits for only so long. Also returns when
    /// the request was sent; the lease cannot have begun earlier.
    async fn run(&self, is_unknown: &Flag) -> Result<(Lease, Moment)> {
        let attempt = |sending| self.client.attempt(|| self.request(), json::<Lease>, sending);
        let patient_until = (!self.options.wait.is_zero()).then_some(self.until);
        let plan = Plan { patient_until, ..Plan::new(Twice::Harmless) };
        let first_asked_at = Moment::now();
        let mut refusals = 0;
        loop {
            let asked_at = Moment::now();
            let wait = self.wait();
            match self.client.repeated(&plan, is_unknown, attempt).await {
                Ok(Sent { value: lease, at }) => {
                    // If it existed, an earlier attempt got it, and its response was lost.
                    let began_after = if lease.existed() { first_asked_at } else { at };
                    return Ok((lease, began_after));
                }
                Err(Error::LockHeld(_)) if !self.until.has_come() => refusals += 1,
                Err(error) => return Err(error),
            }
            // Refused much too early. Pause, so as not to retry at full speed.
            if asked_at.elapsed() < wait / 2 {
                tokio::time::sleep(delay(refusals, None)).await;
            }
        }
    }

    fn request(&self) -> Request {
        let wait = self.wait();
        let body = Body {
            ttl_seconds: self.options.ttl_seconds,
            lease_id: &self.lease_id,
            wait_seconds: wait.as_secs(),
            metadata: self.options.metadata.as_deref(),
            session_id: self.options.session_id.as_deref(),
            lock_delay_seconds: self.options.lock_delay_seconds,
            min_hold_seconds: self.options.min_hold_seconds,
            proof: self.options.proof.then_some(true),
        };
        let body = serde_json::to_value(body).expect("plain data can be written as JSON");
        self.route.acquire(self.client, body).timeout(self.client.timeout.saturating_add(wait))
    }

    /// How long the next request may wait, in whole seconds.
    fn wait(&self) -> Duration {
        let left = self.until.left().min(self.slice);
        let begun = u64::from(left.subsec_nanos() > 0);
        Duration::from_secs(left.as_secs() + begun)
    }
}

#[derive(Serialize)]
struct Body<'a> {
    ttl_seconds: u32,
    lease_id: &'a str,
    wait_seconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lock_delay_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_hold_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<bool>,
}
