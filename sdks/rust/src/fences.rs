use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json as json_value;

use crate::answer::json;
use crate::calls::Twice;
use crate::checks;
use crate::client::Client;
use crate::error::Result;

/// What a fence has seen. A fence remembers the highest fencing token that a resource has seen, for resources that cannot do so
/// themselves. Its name follows the rules of lock names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fence {
    /// Name of the fence.
    pub name: String,
    /// The highest fencing token. 0 if it has seen none.
    pub highest: u64,
}

/// Fences.
impl Client {
    /// Tells a fence of your fencing token. Call it before you change what your lock protects. From then on, the fence refuses every
    /// lower token. The first call creates the fence.
    ///
    /// # Errors
    ///
    /// [`Error::StaleToken`](crate::Error::StaleToken) if it has seen a higher one: then stop.
    pub async fn advance_fence(&self, name: &str, fencing_token: u64) -> Result<Fence> {
        self.compare(name, "advance", fencing_token).await
    }

    /// Answers as [`Client::advance_fence`] would, and changes nothing. For those who share a lock and only read.
    ///
    /// # Errors
    ///
    /// [`Error::StaleToken`](crate::Error::StaleToken) if it has seen a higher one.
    pub async fn check_fence(&self, name: &str, fencing_token: u64) -> Result<Fence> {
        self.compare(name, "check", fencing_token).await
    }

    /// What a fence has seen.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if there is no such fence.
    pub async fn fence(&self, name: &str) -> Result<Fence> {
        checks::name(name)?;
        self.read(self.request(Method::GET, &["fences", name])).await
    }

    async fn compare(&self, name: &str, verb: &str, fencing_token: u64) -> Result<Fence> {
        checks::name(name)?;
        checks::fencing_token(fencing_token)?;
        let body = json_value!({ "fencing_token": fencing_token });
        let request = self.request(Method::POST, &["fences", name, verb]).json(&body);
        Ok(self.call(request, json, Twice::Harmless).await?.value)
    }
}
