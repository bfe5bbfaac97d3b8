use std::time::Duration;

use thiserror::Error;

use crate::keeping::Loss;
use crate::message::Message;

/// The result of the calls of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// You cannot have the lock now, and could not when the wait was over.
    #[error(transparent)]
    LockHeld(#[from] LockHeldError),

    /// A fence has seen a higher fencing token than yours. A later lease has used the resource, so stop.
    #[error(transparent)]
    StaleToken(#[from] StaleTokenError),

    /// The token is missing, mistyped, rotated or revoked.
    #[error("{message}")]
    Authentication {
        /// The server's message.
        message: Message,
    },

    /// The request is not valid. This crate refused it before sending, or the server did.
    #[error("{message}")]
    Validation {
        /// What is wrong with it.
        message: Message,
    },

    /// The lease, session, webhook or delivery does not exist, no longer exists, or is not yours.
    #[error("{message}")]
    NotFound {
        /// The server's message.
        message: Message,
    },

    /// You have reached a limit of locks, sessions or webhooks, or send requests too often.
    #[error("{message}")]
    Limit {
        /// The server's message, with the time to wait before trying again, if the server sent one.
        message: Message,
    },

    /// You are not allowed to do this.
    #[error("{message}")]
    Permission {
        /// The server's message.
        message: Message,
    },

    /// The server cannot handle the request now, and retries did not help.
    #[error("{message}")]
    Unavailable {
        /// The server's message, with the time to wait before trying again, if the server sent one.
        message: Message,
    },

    /// Any other unsuccessful response, or one that cannot be read.
    #[error("{message}")]
    Server {
        /// The server's message, or what is wrong with its response.
        message: Message,
    },

    /// There was no connection, or it broke before the whole response arrived.
    #[error(transparent)]
    Network {
        /// What happened to the connection.
        source: NetworkError,
    },

    /// The whole response did not arrive in time.
    #[error("no answer from {server} within {} ms", after.as_millis())]
    Timeout {
        /// The timeout of the last attempt.
        after: Duration,
        /// The base URL of the server.
        server: String,
    },

    /// The lock was lost while [`Client::with_lock`](crate::Client::with_lock) or
    /// [`Client::try_with_lock`](crate::Client::try_with_lock) held it. The block itself did not fail.
    #[error(transparent)]
    LockLost(#[from] LockLostError),
}

impl Error {
    pub(crate) fn validation(message: impl Into<Message>) -> Self {
        Self::Validation { message: message.into() }
    }

    /// The server's stable code, such as `lock_not_found`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.message().and_then(Message::code)
    }

    /// The HTTP status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.message().and_then(Message::status)
    }

    /// Identifies the request in the server's log.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.message().and_then(Message::request_id)
    }

    /// How long the server asks you to wait before you try again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.message().and_then(Message::retry_after)
    }

    fn message(&self) -> Option<&Message> {
        match self {
            Self::LockHeld(LockHeldError { message, .. })
            | Self::StaleToken(StaleTokenError { message, .. })
            | Self::Authentication { message }
            | Self::Validation { message }
            | Self::NotFound { message }
            | Self::Limit { message }
            | Self::Permission { message }
            | Self::Unavailable { message }
            | Self::Server { message } => Some(message),
            Self::Network { .. } | Self::Timeout { .. } | Self::LockLost(_) => None,
        }
    }
}

/// A fence has seen a higher fencing token than yours.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct StaleTokenError {
    /// The server's message.
    pub message: Message,
    /// The highest token that the fence has seen.
    pub highest: u64,
}

/// A lock was lost while a block held it, so someone else may have held it meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "The lock {lock} is lost: {loss}. This was while its block ran, so someone else may have held it meanwhile."
)]
#[non_exhaustive]
pub struct LockLostError {
    /// Name of the lock. If there were several: of the first.
    pub lock: String,
    /// Why it is lost.
    pub loss: Loss,
}

/// Why you cannot have the lock now, and until when. The `code` of its message is `lock_held` if someone else holds it, `lock_queued`
/// if it is kept for clients that asked for it earlier, `lock_delayed` if it is kept from everyone for a while after its last lease,
/// or `limit_mismatch` if it is in use with another limit.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct LockHeldError {
    /// What happened. Its `retry_after` is when the lease expires unless the holder renews it.
    pub message: Message,
    /// Login of the holder. None if no one holds the lock: it is kept for others, or from everyone.
    pub holder: Option<String>,
    /// Id of the holder.
    pub holder_id: Option<String>,
    /// When the lease expires unless the holder renews it, in RFC 3339 format. If no one holds the lock: how long it is kept at least.
    pub expires_at: Option<String>,
    /// The holder's note.
    pub metadata: Option<String>,
    /// What else the server has said.
    pub conflict: Box<LockConflict>,
}

/// More about a lock that you cannot have now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockConflict {
    /// Name of the lock. If you asked for several: the first that you cannot have.
    pub lock: Option<String>,
    /// The limit that the lock has now. Only with `limit_mismatch`.
    pub limit: Option<u64>,
    /// Your place in line when your wait ended, from 1. Only after a wait.
    pub position: Option<u64>,
    /// How many requests are still waiting for the lock. Only after a wait.
    pub waiters: Option<u64>,
}

/// What happened to a connection.
#[derive(Debug, Error)]
#[error("the connection to {server} failed: {why}")]
pub struct NetworkError {
    server: String,
    why: String,
    was_sent: bool,
    source: Option<reqwest::Error>,
}

impl NetworkError {
    /// Whether the request may have reached the server.
    #[must_use]
    pub fn was_sent(&self) -> bool {
        self.was_sent
    }

    /// The error of a request to a server, or of creating a client.
    pub(crate) fn of(server: &str, error: reqwest::Error) -> Error {
        let source = Self {
            server: server.to_owned(),
            why: innermost(&error).to_string(),
            was_sent: !error.is_connect() && !error.is_builder(),
            source: Some(error.without_url()),
        };
        Error::Network { source }
    }

    /// The unexpected end of a stream.
    pub(crate) fn stream_ended(server: &str) -> Error {
        let server = server.to_owned();
        let source = Self { server, why: "the stream ended".to_owned(), was_sent: true, source: None };
        Error::Network { source }
    }
}

/// The outermost of these errors say little more than that there was an error.
fn innermost<'a>(error: &'a (dyn std::error::Error + 'static)) -> &'a (dyn std::error::Error + 'static) {
    std::iter::successors(Some(error), |outer| outer.source()).last().unwrap_or(error)
}
