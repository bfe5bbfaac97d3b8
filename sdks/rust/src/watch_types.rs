use serde::{Deserialize, Serialize};

use crate::lock_types::UserLock;

/// What happened to a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LockEventKind {
    /// Somebody got it.
    Acquired,
    /// Its holder released it.
    Released,
    /// Its holder has it for longer.
    Renewed,
    /// Its lease came to an end.
    Expired,
}

/// Something that happened to a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LockEvent {
    /// What happened.
    pub event: LockEventKind,
    /// Name of the lock.
    pub lock: String,
    /// Id of the holder; none once the lock is released or expired.
    pub holder_id: Option<String>,
    /// That of the grant; none once the lock is released or expired.
    pub fencing_token: Option<u64>,
    /// When it happened, as RFC 3339 has it.
    pub timestamp: String,
    /// Increases strictly over all locks.
    pub sequence: u64,
    /// Until when the lock is held, as RFC 3339 has it; when it was acquired or renewed.
    pub expires_at: Option<String>,
    /// The holder's note; when it was acquired or renewed.
    pub metadata: Option<String>,
    /// Login of the holder; in watches, when it was acquired or renewed.
    pub holder: Option<String>,
}

/// What a watch tells.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WatchUpdate<S> {
    /// How things are. Comes first, and after a reset.
    State(S),
    /// What happened.
    Event(LockEvent),
    /// Events were missed, because the log no longer reaches back to where the stream broke. The present state follows.
    Reset {
        /// What the server said.
        message: String,
    },
}

/// Locks that are held. They come in parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PrefixState {
    /// Some of them.
    pub locks: Vec<UserLock>,
    /// Whether these are the last ones.
    pub complete: bool,
}
