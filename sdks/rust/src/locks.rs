use std::time::Duration;

use reqwest::Method;
use serde::Deserialize;
use serde_json::json as json_value;

use crate::acquire_options::AcquireOptions;
use crate::answer::json;
use crate::calls::{Limits, Sent, Twice};
use crate::checks;
use crate::cleanup::GivingUp;
use crate::client::Client;
use crate::error::Result;
use crate::lock_types::{AcquireResult, LockInfo, RenewResult, UserLock};
use crate::transport::Request;

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
        let granted = self.grant(name, &options, GivingUp::Thoroughly).await?;
        granted.cleanup.may_be_there.set(false);
        Ok(granted.lease.into())
    }

    /// Renews a lease, so that it ends `ttl` seconds (1 to 3600) from now.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if you no longer have it.
    pub async fn renew_lock(&self, name: &str, lease_id: &str, ttl: u32) -> Result<RenewResult> {
        Ok(self.renewed(name, lease_id, ttl, self.timeout).await?.value)
    }

    /// Releases a lease.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if you no longer have it.
    pub async fn release_lock(&self, name: &str, lease_id: &str) -> Result<()> {
        self.released(name, lease_id, Limits::NONE).await
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
        name: &str,
        lease_id: &str,
        ttl: u32,
        timeout: Duration,
    ) -> Result<Sent<RenewResult>> {
        checks::name(name)?;
        checks::ttl(ttl)?;
        self.call(self.renewal(name, lease_id, ttl).timeout(timeout), json, Twice::Harmless).await
    }

    pub(crate) async fn released(&self, name: &str, lease_id: &str, limits: Limits) -> Result<()> {
        checks::name(name)?;
        let request = self
            .request(Method::POST, &["locks", name, "release"])
            .json(&json_value!({ "lease_id": lease_id }));
        self.remove(request, json::<Released>, limits).await
    }

    pub(crate) fn renewal(&self, name: &str, lease_id: &str, ttl: u32) -> Request {
        self.request(Method::POST, &["locks", name, "renew"])
            .json(&json_value!({ "lease_id": lease_id, "ttl_seconds": ttl }))
    }
}
