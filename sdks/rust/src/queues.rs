use reqwest::Method;
use serde::{Deserialize, Serialize};

use crate::answer::json;
use crate::calls::Limits;
use crate::checks;
use crate::client::Client;
use crate::error::Result;
use crate::lease::LockHold;

/// The line of a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Queue {
    /// Name of the lock.
    pub name: String,
    /// Number of requests that are waiting for the lock now.
    pub waiters: u64,
    /// Number of places, including those that are only kept.
    pub total: u64,
    /// The first 100 places, in order of arrival.
    #[serde(rename = "queue")]
    pub places: Vec<QueuePlace>,
}

/// One place in the line of a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QueuePlace {
    /// Where in the line of the requests that are asking, from 1. A place that is only kept has the position that it would have.
    pub position: u64,
    /// Login of the waiting user.
    pub holder: String,
    /// Id of the waiting user.
    pub holder_id: String,
    /// When the request joined the line, by the server's clock, in RFC 3339 format.
    pub since: String,
    /// How the request wants to hold the lock.
    #[serde(flatten)]
    pub hold: LockHold,
    /// Whether a client is waiting for the answer now. Otherwise the place is kept for a few seconds, and passed over.
    pub asking: bool,
    /// None unless the place is yours.
    pub lease_id: Option<String>,
}

#[derive(Deserialize)]
struct Left {
    #[serde(rename = "status")]
    _status: String,
}

/// The lines of locks.
impl Client {
    /// The line of a lock. To find your own place, choose the lease id of your request.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`](crate::Error::Validation) if the name is not valid.
    pub async fn queue(&self, name: &str) -> Result<Queue> {
        checks::name(name)?;
        self.read(self.request(Method::GET, &["queues", name])).await
    }

    /// Gives up a place in the line of a lock.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if you have none with this lease id.
    pub async fn leave_queue(&self, name: &str, lease_id: &str) -> Result<()> {
        checks::name(name)?;
        let request = self.request(Method::DELETE, &["queues", name, lease_id]);
        self.remove(request, json::<Left>, Limits::NONE).await
    }
}
