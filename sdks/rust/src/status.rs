use std::fmt;

use serde::{Deserialize, Serialize};

/// What a server counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StatusCounters {
    /// `OctoStore`.
    pub service: String,
    /// Version of the server.
    pub version: String,
    /// `ready`, `stopping` or `failed`.
    pub status: String,
    /// Seconds since it started.
    pub uptime_seconds: u64,
    /// Number of locks that are held.
    pub locks_held: u64,
    /// Number of sessions that are alive.
    pub sessions: u64,
    /// Number of requests waiting for locks.
    pub waiters: u64,
}

/// A new token.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TokenInfo {
    /// Keep it safe: the server cannot show it again.
    pub token: String,
}

/// Without the token.
impl fmt::Debug for TokenInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TokenInfo").finish_non_exhaustive()
    }
}
