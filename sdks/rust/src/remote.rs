use std::time::Duration;

use crate::answer::json;
use crate::calls::{Limits, Sending};
use crate::client::Client;
use crate::clock::Moment;
use crate::error::Result;
use crate::lock_types::RenewResult;
use crate::rules::RULES;
use crate::sessions::KeptSession;

/// Something on the server that expires unless it is renewed.
#[derive(Debug, Clone)]
pub(crate) enum Remote {
    Lease { name: String, lease_id: String },
    Session { session_id: String },
}

/// Timeout of one attempt at a renewal. It is short, so that a server that hangs does not cost the lease.
pub(crate) fn renewal_timeout(client: &Client, ttl_seconds: u32) -> Duration {
    client.timeout.min(Duration::from_secs(ttl_seconds.into()) / RULES.renewal_timeouts_per_ttl)
}

impl Remote {
    pub fn lease(name: &str, lease_id: &str) -> Self {
        Self::Lease { name: name.to_owned(), lease_id: lease_id.to_owned() }
    }

    pub fn session(session_id: &str) -> Self {
        Self::Session { session_id: session_id.to_owned() }
    }

    /// One attempt to renew it for `ttl_seconds` from now. Returns when it was sent.
    pub async fn renew(&self, client: &Client, ttl_seconds: u32, sending: Sending) -> Result<Moment> {
        let sent_at = match self {
            Self::Lease { name, lease_id } => {
                let request = || client.renewal(name, lease_id, ttl_seconds);
                client.attempt(request, json::<RenewResult>, sending).await?.at
            }
            Self::Session { session_id } => {
                let request = || client.keepalive_of(session_id);
                client.attempt(request, json::<KeptSession>, sending).await?.at
            }
        };
        Ok(sent_at)
    }

    /// Ends it, within limits.
    pub async fn end(&self, client: &Client, limits: Limits) -> Result<()> {
        match self {
            Self::Lease { name, lease_id } => client.released(name, lease_id, limits).await,
            Self::Session { session_id } => client.ended_session(session_id, limits).await,
        }
    }
}
