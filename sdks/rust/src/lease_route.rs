use reqwest::Method;
use serde_json::{Value, json};

use crate::checks;
use crate::client::Client;
use crate::demand::{Demand, WantedLock};
use crate::error::{Error, Result};
use crate::transport::Request;

/// The requests for a lease.
#[derive(Debug, Clone)]
pub(crate) enum LeaseRoute {
    /// Of one lock.
    Lock { name: String, demand: Demand },
    /// Of several locks, and of any by its id.
    Locks(Vec<WantedLock>),
}

impl LeaseRoute {
    pub fn of(name: &str) -> Self {
        Self::Lock { name: name.to_owned(), demand: Demand::default() }
    }

    /// For a lease that has already been granted.
    pub fn by_id() -> Self {
        Self::Locks(Vec::new())
    }

    /// Checks that the names can be those of locks.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Lock { name, .. } => checks::name(name),
            Self::Locks(locks) => locks.iter().try_for_each(|lock| checks::name(&lock.name)),
        }
    }

    /// Checks that there is something to acquire, too.
    pub fn check_wanted(&self) -> Result<()> {
        match self {
            Self::Locks(locks) if locks.is_empty() => {
                Err(Error::validation("There must be at least one lock."))
            }
            _ => self.check(),
        }
    }

    /// `body` is what the lease is like, whatever it locks.
    pub fn acquire(&self, client: &Client, mut body: Value) -> Request {
        match self {
            Self::Lock { name, demand } => {
                extend(&mut body, json!(demand));
                client.request(Method::POST, &["locks", name, "acquire"]).json(&body)
            }
            Self::Locks(locks) => {
                body["locks"] = json!(locks);
                client.request(Method::POST, &["leases"]).json(&body)
            }
        }
    }

    pub fn renew(&self, client: &Client, lease_id: &str, ttl_seconds: u32, proof: bool) -> Request {
        let mut body = json!({ "ttl_seconds": ttl_seconds });
        if proof {
            body["proof"] = true.into();
        }
        match self {
            Self::Lock { name, .. } => {
                body["lease_id"] = lease_id.into();
                client.request(Method::POST, &["locks", name, "renew"]).json(&body)
            }
            Self::Locks(_) => client.request(Method::POST, &["leases", lease_id, "renew"]).json(&body),
        }
    }

    pub fn release(&self, client: &Client, lease_id: &str) -> Request {
        match self {
            Self::Lock { name, .. } => client
                .request(Method::POST, &["locks", name, "release"])
                .json(&json!({ "lease_id": lease_id })),
            Self::Locks(_) => client.request(Method::DELETE, &["leases", lease_id]),
        }
    }
}

fn extend(body: &mut Value, more: Value) {
    if let (Value::Object(body), Value::Object(more)) = (body, more) {
        body.extend(more);
    }
}
