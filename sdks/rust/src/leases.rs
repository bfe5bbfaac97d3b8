use reqwest::Method;

use crate::acquire_options::AcquireOptions;
use crate::answer::json;
use crate::calls::Limits;
use crate::cleanup::GivingUp;
use crate::client::Client;
use crate::demand::WantedLock;
use crate::error::{Error, Result};
use crate::hold_options::HoldOptions;
use crate::lease::Lease;
use crate::lease_route::LeaseRoute;
use crate::lock::Lock;

/// Leases of several locks, and of any by their ids. If you chose one lease id for several leases, these fail with
/// [`Error::Validation`] and the code `ambiguous_lease_id`.
impl Client {
    /// Acquires several locks under one lease, all of them or none, and renews it in the background. Each lock has its own mode, limit
    /// and permits, so the options have none.
    ///
    /// # Errors
    ///
    /// Those of [`Client::hold`].
    pub async fn hold_all(&self, locks: Vec<WantedLock>, options: HoldOptions) -> Result<Lock> {
        check_demand(&options.acquire)?;
        self.held(LeaseRoute::Locks(locks), options, GivingUp::Thoroughly).await
    }

    /// Acquires several locks under one lease, all of them or none, without renewing it. Prefer [`Client::hold_all`].
    ///
    /// # Errors
    ///
    /// [`Error::LockHeld`] if you cannot have one of them when the wait is over.
    pub async fn acquire_all(&self, locks: Vec<WantedLock>, options: AcquireOptions) -> Result<Lease> {
        check_demand(&options)?;
        let granted = self.grant(LeaseRoute::Locks(locks), &options, GivingUp::Thoroughly).await?;
        granted.cleanup.may_be_there.set(false);
        Ok(granted.lease)
    }

    /// One of your leases, whatever it locks.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if you have no such lease.
    pub async fn lease(&self, lease_id: &str) -> Result<Lease> {
        self.read(self.request(Method::GET, &["leases", lease_id])).await
    }

    /// Renews a lease with all its locks, so that it ends `ttl` seconds (1 to 3600) from now.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if you no longer have it.
    pub async fn renew_lease(&self, lease_id: &str, ttl: u32) -> Result<Lease> {
        Ok(self.renewed(&LeaseRoute::by_id(), lease_id, ttl, false, self.timeout).await?.value)
    }

    /// Releases all locks of a lease.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if you no longer have it.
    pub async fn release_lease(&self, lease_id: &str) -> Result<()> {
        self.released(&LeaseRoute::by_id(), lease_id, Limits::NONE).await
    }

    /// Holds one lock of a lease in another mode. If the lease already does, nothing changes, so it is safe to repeat.
    pub(crate) async fn converted(
        &self,
        name: &str,
        lease_id: &str,
        mode: crate::lease::LockMode,
    ) -> Result<Lease> {
        let body = serde_json::json!({ "lease_id": lease_id, "mode": mode });
        let request = self.request(Method::POST, &["locks", name, "convert"]).json(&body);
        Ok(self.call(request, json, crate::calls::Twice::Harmless).await?.value)
    }
}

fn check_demand(options: &AcquireOptions) -> Result<()> {
    if options.demand == crate::demand::Demand::default() {
        return Ok(());
    }
    Err(Error::validation("Of several locks, each has its own mode, limit and permits."))
}
