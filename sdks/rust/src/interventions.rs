use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json as json_value;

use crate::answer::json;
use crate::calls::Twice;
use crate::checks;
use crate::client::Client;
use crate::error::Result;

/// What a break has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Break {
    /// Number of leases.
    pub lease_count: u64,
    /// The fencing tokens of the first 100 of them, in the order they were granted.
    pub fencing_tokens: Vec<u64>,
    /// Whether no one held the lock, and it is now available instead of delayed.
    pub ended_delay: bool,
}

#[derive(Deserialize)]
struct Requested {
    #[serde(rename = "status")]
    _status: String,
}

/// What others than the holders can do about a lock.
impl Client {
    /// Asks the holders of a lock to release it. They learn of it when they next renew, and decide. The message has at most 256
    /// bytes. A second request replaces the first.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if no one holds the lock.
    pub async fn request_release(&self, name: &str, message: Option<&str>) -> Result<()> {
        checks::name(name)?;
        let path = ["locks", name, "request-release"];
        let request = self.request(Method::POST, &path).json(&json_value!({ "message": message }));
        self.call(request, json::<Requested>, Twice::Harmless).await.map(drop)
    }

    /// Ends leases of others: the one with this fencing token, or all that hold the lock now. Their holders learn of the reason, 1 to
    /// 256 bytes, from [`Message::broken`](crate::Message::broken).
    ///
    /// # Errors
    ///
    /// [`Error::Permission`](crate::Error::Permission) if you may not do so. Not retried: after
    /// [`Error::Network`](crate::Error::Network), someone else could hold the lock.
    pub async fn break_lock(&self, name: &str, reason: &str, fencing_token: Option<u64>) -> Result<Break> {
        checks::name(name)?;
        let body = json_value!({ "reason": reason, "fencing_token": fencing_token });
        let request = self.request(Method::POST, &["locks", name, "break"]).json(&body);
        Ok(self.call(request, json, Twice::Harmful).await?.value)
    }
}
