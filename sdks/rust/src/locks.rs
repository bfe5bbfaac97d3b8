use std::time::Duration;

use reqwest::Method;
use serde::Deserialize;

use crate::acquire_options::AcquireOptions;
use crate::answer::json;
use crate::calls::{Limits, Sent, Twice};
use crate::checks;
use crate::cleanup::GivingUp;
use crate::client::Client;
use crate::error::Result;
use crate::lease::Lease;
use crate::lease_route::LeaseRoute;
use crate::lock_types::{AcquireResult, LockInfo, RenewResult, UserLock};

/// Which locks to list.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ListOptions {
    prefix: Option<String>,
    owner: Option<&'static str>,
}

impl ListOptions {
    /// All locks that are held.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only those whose names begin with this text.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// Only your own.
    pub fn own(mut self) -> Self {
        self.owner = Some("me");
        self
    }
}

#[derive(Deserialize)]
struct Page {
    locks: Vec<UserLock>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Released {
    #[serde(rename = "status")]
    _status: String,
}

/// Single requests for locks, for programs that do their own renewing.
impl Client {
    /// Acquires a lock for `ttl` seconds (1 to 3600) without renewing it. Prefer [`Client::hold`].
    ///
    /// # Errors
    ///
    /// [`Error::LockHeld`](crate::Error::LockHeld) if someone already holds it, even you: each acquire asks for a new
    /// lease.
    pub async fn acquire_lock(&self, name: &str, ttl: u32) -> Result<AcquireResult> {
        self.acquire_lock_with(name, AcquireOptions::new().ttl_seconds(ttl)).await
    }

    /// Acquires a lock without renewing it. Prefer [`Client::hold`].
    ///
    /// # Errors
    ///
    /// [`Error::LockHeld`](crate::Error::LockHeld) if someone still holds it when the wait is over.
    pub async fn acquire_lock_with(&self, name: &str, options: AcquireOptions) -> Result<AcquireResult> {
        let granted = self.grant(options.route(name), &options, GivingUp::Thoroughly).await?;
        granted.cleanup.may_be_there.set(false);
        Ok(granted.lease.into())
    }

    /// Renews a lease, so that it ends `ttl` seconds (1 to 3600) from now.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if you no longer have it.
    pub async fn renew_lock(&self, name: &str, lease_id: &str, ttl: u32) -> Result<RenewResult> {
        let route = LeaseRoute::of(name);
        Ok(self.renewed(&route, lease_id, ttl, false, self.timeout).await?.value.into())
    }

    /// Releases a lease.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if you no longer have it.
    pub async fn release_lock(&self, name: &str, lease_id: &str) -> Result<()> {
        self.released(&LeaseRoute::of(name), lease_id, Limits::NONE).await
    }

    /// The status of a lock.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`](crate::Error::Validation) if the name is not valid. It is not an error if no one holds the
    /// lock.
    pub async fn get_lock_status(&self, name: &str) -> Result<LockInfo> {
        checks::name(name)?;
        self.read(self.request(Method::GET, &["locks", name])).await
    }

    /// All locks that you hold, sorted by name.
    ///
    /// # Errors
    ///
    /// [`Error::Authentication`](crate::Error::Authentication) without a valid token.
    pub async fn list_locks(&self) -> Result<Vec<UserLock>> {
        self.list_locks_with(ListOptions::new().own()).await
    }

    /// The locks that match the options, sorted by name, from every page.
    ///
    /// # Errors
    ///
    /// [`Error::Authentication`](crate::Error::Authentication) without a valid token.
    pub async fn list_locks_with(&self, options: ListOptions) -> Result<Vec<UserLock>> {
        let mut locks = Vec::new();
        let mut cursor = None;
        loop {
            let request = self
                .request(Method::GET, &["locks"])
                .query("prefix", options.prefix.as_deref())
                .query("owner", options.owner)
                .query("cursor", cursor);
            let page: Page = self.read(request).await?;
            locks.extend(page.locks);
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(locks);
            }
        }
    }

    /// Each attempt takes at most `timeout`.
    pub(crate) async fn renewed(
        &self,
        route: &LeaseRoute,
        lease_id: &str,
        ttl: u32,
        proof: bool,
        timeout: Duration,
    ) -> Result<Sent<Lease>> {
        route.check()?;
        checks::ttl(ttl)?;
        let request = route.renew(self, lease_id, ttl, proof).timeout(timeout);
        self.call(request, json, Twice::Harmless).await
    }

    pub(crate) async fn released(&self, route: &LeaseRoute, lease_id: &str, limits: Limits) -> Result<()> {
        route.check()?;
        self.remove(route.release(self, lease_id), json::<Released>, limits).await
    }
}
