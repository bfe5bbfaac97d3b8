use std::sync::Arc;
use std::time::Duration;

use crate::answer::json;
use crate::calls::{Limits, Sending};
use crate::client::Client;
use crate::clock::Moment;
use crate::error::Result;
use crate::grip::Grip;
use crate::handle_event::{HandleEvent, HandleEventKind};
use crate::lease::Lease;
use crate::lease_route::LeaseRoute;
use crate::rules::RULES;
use crate::sessions::KeptSession;

/// Something on the server that expires unless it is renewed.
#[derive(Debug, Clone)]
pub(crate) enum Remote {
    Lease {
        route: LeaseRoute,
        lease_id: String,
        proof: bool,
        /// None before it is held by a handle.
        grip: Option<Arc<Grip>>,
    },
    Session {
        session_id: String,
    },
}

/// Timeout of one attempt at a renewal. It is short, so that a server that hangs does not cost the lease.
pub(crate) fn renewal_timeout(client: &Client, ttl_seconds: u32) -> Duration {
    client.timeout.min(Duration::from_secs(ttl_seconds.into()) / RULES.renewal_timeouts_per_ttl)
}

impl Remote {
    pub fn lease(route: LeaseRoute, lease_id: &str) -> Self {
        Self::Lease { route, lease_id: lease_id.to_owned(), proof: false, grip: None }
    }

    /// Whether it is a lease that no handle holds: its acquire may still be on its way.
    pub fn is_unheld_lease(&self) -> bool {
        matches!(self, Self::Lease { grip: None, .. })
    }

    pub fn session(session_id: &str) -> Self {
        Self::Session { session_id: session_id.to_owned() }
    }

    /// One attempt to renew it for `ttl_seconds` from now. Returns when it was sent.
    pub async fn renew(&self, client: &Client, ttl_seconds: u32, sending: Sending) -> Result<Moment> {
        let sent_at = match self {
            Self::Lease { route, lease_id, proof, grip } => {
                let request = || route.renew(client, lease_id, ttl_seconds, *proof);
                let renewal = client.attempt(request, json::<Lease>, sending);
                match grip {
                    Some(grip) => grip.renew(renewal, |sent| &sent.value).await?.at,
                    None => renewal.await?.at,
                }
            }
            Self::Session { session_id } => {
                let request = || client.keepalive_of(session_id);
                client.attempt(request, json::<KeptSession>, sending).await?.at
            }
        };
        Ok(sent_at)
    }

    /// An event about it.
    pub fn event(&self, kind: HandleEventKind, why: Option<String>) -> HandleEvent {
        let event =
            HandleEvent { kind, lock: None, locks: Vec::new(), session: None, fencing_token: None, why };
        match self {
            Self::Lease { grip, .. } => HandleEvent {
                lock: grip.as_ref().map(|grip| grip.names().join(", ")),
                locks: grip.as_ref().map(|grip| grip.names()).unwrap_or_default(),
                fencing_token: grip.as_ref().map(|grip| grip.fencing_token()),
                ..event
            },
            Self::Session { session_id } => HandleEvent { session: Some(session_id.clone()), ..event },
        }
    }

    /// Ends it, within limits.
    pub async fn end(&self, client: &Client, limits: Limits) -> Result<()> {
        match self {
            Self::Lease { route, lease_id, .. } => client.released(route, lease_id, limits).await,
            Self::Session { session_id } => client.ended_session(session_id, limits).await,
        }
    }
}
