use std::time::Instant;

use crate::answer::json;
use crate::client::Client;
use crate::error::Result;
use crate::lock_types::RenewResult;
use crate::sessions::KeptSession;

/// Something on the server that expires unless it is renewed.
#[derive(Debug, Clone)]
pub(crate) enum Remote {
    Lease { name: String, lease_id: String },
    Session { session_id: String },
}

impl Remote {
    pub fn lease(name: &str, lease_id: &str) -> Self {
        Self::Lease { name: name.to_owned(), lease_id: lease_id.to_owned() }
    }

    pub fn session(session_id: &str) -> Self {
        Self::Session { session_id: session_id.to_owned() }
    }

    /// One attempt to renew it for `ttl_seconds` from now. Returns when it was sent.
    pub async fn renew(&self, client: &Client, ttl_seconds: u32) -> Result<Instant> {
        let sent_at = match self {
            Self::Lease { name, lease_id } => {
                let request = || client.renewal(name, lease_id, ttl_seconds);
                client.attempt(request, json::<RenewResult>).await?.at
            }
            Self::Session { session_id } => {
                let request = || client.keepalive_of(session_id);
                client.attempt(request, json::<KeptSession>).await?.at
            }
        };
        Ok(sent_at)
    }

    /// Ends it, with retries.
    pub async fn end(&self, client: &Client) -> Result<()> {
        match self {
            Self::Lease { name, lease_id } => client.release_lock(name, lease_id).await,
            Self::Session { session_id } => client.end_session(session_id).await,
        }
    }
}
