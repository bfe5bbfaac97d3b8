use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json as json_value;

use crate::answer::{json, nothing};
use crate::calls::{Limits, Sent, Twice};
use crate::checks;
use crate::client::Client;
use crate::error::Result;
use crate::transport::Request;

/// A session that was created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreatedSession {
    /// The id of the session.
    pub session_id: String,
    /// When it expires unless it is kept alive, by the server's clock, in RFC 3339 format.
    pub expires_at: String,
    /// The interval between keepalives that the server recommends, in seconds.
    pub keepalive_interval_secs: u64,
}

/// A session that was kept alive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KeptSession {
    /// The id of the session.
    pub session_id: String,
    /// When it expires unless it is kept alive, by the server's clock, in RFC 3339 format.
    pub expires_at: String,
}

/// The status of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SessionStatus {
    /// The id of the session.
    pub session_id: String,
    /// When it expires unless it is kept alive, by the server's clock, in RFC 3339 format.
    pub expires_at: String,
    /// The id of its user.
    pub user_id: String,
    /// Number of locks that it holds.
    pub lock_count: u64,
    /// Whether it is alive.
    pub active: bool,
}

/// Single requests for sessions, for programs that send their own keepalives.
impl Client {
    /// Creates a session with a TTL of `ttl` seconds (10 to 300), without keeping it alive. Prefer
    /// [`Client::open_session`].
    ///
    /// # Errors
    ///
    /// [`Error::Limit`](crate::Error::Limit) if you have reached your limit of sessions. Not retried: after
    /// [`Error::Network`](crate::Error::Network) there may be a session, which expires on its own.
    pub async fn create_session(&self, ttl: u32) -> Result<CreatedSession> {
        Ok(self.created_session(ttl).await?.value)
    }

    /// Extends a session by its TTL from now.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if it has ended.
    pub async fn keepalive(&self, session_id: &str) -> Result<KeptSession> {
        let request = self.keepalive_of(session_id);
        Ok(self.call(request, json, Twice::Harmless).await?.value)
    }

    /// The status of a session.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if it has ended.
    pub async fn session_status(&self, session_id: &str) -> Result<SessionStatus> {
        self.read(self.request(Method::GET, &["sessions", session_id])).await
    }

    /// Ends a session and releases its locks.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if it has already ended.
    pub async fn end_session(&self, session_id: &str) -> Result<()> {
        self.ended_session(session_id, Limits::NONE).await
    }

    pub(crate) async fn ended_session(&self, session_id: &str, limits: Limits) -> Result<()> {
        self.remove(self.request(Method::DELETE, &["sessions", session_id]), nothing, limits).await
    }

    pub(crate) async fn created_session(&self, ttl: u32) -> Result<Sent<CreatedSession>> {
        checks::session_ttl(ttl)?;
        let request = self.request(Method::POST, &["sessions"]).json(&json_value!({ "ttl_seconds": ttl }));
        self.call(request, json, Twice::Harmful).await
    }

    pub(crate) fn keepalive_of(&self, session_id: &str) -> Request {
        self.request(Method::POST, &["sessions", session_id, "keepalive"])
    }
}
