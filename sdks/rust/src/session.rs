use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::cleanup::{Cleanup, GivingUp};
use crate::client::Client;
use crate::error::Result;
use crate::keeping::{Keeping, Loss};
use crate::kept::Kept;
use crate::remote::Remote;
use crate::rules::RULES;

/// Options for opening a session.
#[derive(Debug, Clone)]
#[must_use]
pub struct SessionOptions {
    ttl_seconds: u32,
}

impl SessionOptions {
    /// A session with a TTL of 60 seconds.
    pub fn new() -> Self {
        Self { ttl_seconds: RULES.session_ttl_seconds_default }
    }

    /// How long it lives without a keepalive, 10 to 300 seconds. A keepalive is sent every third of that.
    pub fn ttl_seconds(mut self, ttl_seconds: u32) -> Self {
        self.ttl_seconds = ttl_seconds;
        self
    }
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self::new()
    }
}

/// A session that is kept alive in the background until it is ended, dropped or lost. All locks held in it end with it.
///
/// Dropping it ends the session in the background; [`Session::close`] waits until it has ended.
#[must_use = "a session that is dropped is ended"]
pub struct Session {
    id: String,
    kept: Arc<Kept>,
}

impl Session {
    /// The id of the session.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Resolves when the session is lost, before anyone else can get one of its locks. Never resolves if it is ended
    /// first. It borrows nothing, so another task can wait for it.
    pub fn lost(&self) -> impl Future<Output = Loss> + Send + 'static + use<> {
        self.kept.keeping().lost()
    }

    /// Whether the session is lost. Checks the clock, so it is correct even right after the program was paused.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.loss().is_some()
    }

    /// Why the session is lost, if it is.
    #[must_use]
    pub fn loss(&self) -> Option<Loss> {
        self.kept.keeping().loss()
    }

    /// How long the session is certain to be alive. Zero once it is lost.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.kept.keeping().remaining()
    }

    /// Ends the session and releases its locks. It is not an error if the session was already lost.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached. The session then expires on its own.
    pub async fn end(self) -> Result<()> {
        self.kept.end().await
    }

    /// Ends the session. Never fails: if it cannot be ended, it expires on its own.
    pub async fn close(self) {
        let _ = self.end().await;
    }

    pub(crate) fn keeping(&self) -> &Arc<Keeping> {
        self.kept.keeping()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("id", &self.id)
            .field("state", &self.keeping().state())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Opens a session and keeps it alive in the background.
    ///
    /// # Errors
    ///
    /// Those of [`Client::create_session`].
    pub async fn open_session(&self, options: SessionOptions) -> Result<Session> {
        let SessionOptions { ttl_seconds } = options;
        let created = self.created_session(ttl_seconds).await?;
        let id = created.value.session_id;
        let cleanup = Cleanup::new(self.clone(), Remote::session(&id), GivingUp::Thoroughly);
        let kept = Kept::new(cleanup, ttl_seconds, created.at, None);
        Ok(Session { id, kept })
    }
}
