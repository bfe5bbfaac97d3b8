use serde::{Deserialize, Serialize};

use crate::lock_types::UserLock;

/// The kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LockEventKind {
    /// Someone acquired it.
    Acquired,
    /// Its holder released it.
    Released,
    /// Its holder renewed it.
    Renewed,
    /// Its lease expired.
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
    /// Id of the holder. None if the lock was released or has expired.
    pub holder_id: Option<String>,
    /// The fencing token of the grant. None if the lock was released or has expired.
    pub fencing_token: Option<u64>,
    /// When it happened, in RFC 3339 format.
    pub timestamp: String,
    /// Strictly increasing across all locks.
    pub sequence: u64,
    /// Until when the lock is held, in RFC 3339 format. Only set when it was acquired or renewed.
    pub expires_at: Option<String>,
    /// The holder's note. Only set when it was acquired or renewed.
    pub metadata: Option<String>,
    /// Login of the holder. Only set in watches, when it was acquired or renewed.
    pub holder: Option<String>,
}

/// One update of a watch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WatchUpdate<S> {
    /// The current state. Comes first, and after a reset.
    State(S),
    /// What happened.
    Event(LockEvent),
    /// Events were missed, because the event log no longer reaches back to where the stream broke. The current state
    /// follows.
    Reset {
        /// The server's message.
        message: String,
    },
}

/// The locks that are held. They can arrive in several parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PrefixState {
    /// Some of the locks.
    pub locks: Vec<UserLock>,
    /// Whether this is the last part.
    pub complete: bool,
}
