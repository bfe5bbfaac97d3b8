use std::time::Duration;

use thiserror::Error;

use crate::message::Message;

/// What the calls of this crate give.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// Somebody else holds the lock, and still did when the wait was over.
    #[error(transparent)]
    LockHeld(#[from] LockHeldError),

    /// The token is missing, mistyped, rotated or revoked.
    #[error("{message}")]
    Authentication {
        /// What the server said.
        message: Message,
    },

    /// The request is not valid: this crate refused it before sending, or the server did.
    #[error("{message}")]
    Validation {
        /// What is wrong with it.
        message: Message,
    },

    /// The lease, session, webhook or delivery does not exist, or no longer, or is not yours.
    #[error("{message}")]
    NotFound {
        /// What the server said.
        message: Message,
    },

    /// You have as many locks, sessions or webhooks as allowed, or ask too often.
    #[error("{message}")]
    Limit {
        /// What the server said; if it said when to come back, that too.
        message: Message,
    },

    /// You may not do that.
    #[error("{message}")]
    Permission {
        /// What the server said.
        message: Message,
    },

    /// The server cannot do it now, nor could it after some repeats.
    #[error("{message}")]
    Unavailable {
        /// What the server said; if it said when to come back, that too.
        message: Message,
    },

    /// An answer that is no success and none of the above, or that cannot be understood.
    #[error("{message}")]
    Server {
        /// What the server said, or what is wrong with its answer.
        message: Message,
    },

    /// There was no connection, or it broke before the whole answer had come.
    #[error(transparent)]
    Network {
        /// What happened to the connection.
        source: NetworkError,
    },

    /// The whole answer did not come in time.
    #[error("no answer within {} ms", after.as_millis())]
    Timeout {
        /// How long the last attempt was given.
        after: Duration,
    },
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

    /// The HTTP status, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.message().and_then(Message::status)
    }

    /// Finds the request in the server's log.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.message().and_then(Message::request_id)
    }

    /// The time after which the server said it makes sense to try again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.message().and_then(Message::retry_after)
    }

    fn message(&self) -> Option<&Message> {
        match self {
            Self::LockHeld(LockHeldError { message, .. })
            | Self::Authentication { message }
            | Self::Validation { message }
            | Self::NotFound { message }
            | Self::Limit { message }
            | Self::Permission { message }
            | Self::Unavailable { message }
            | Self::Server { message } => Some(message),
            Self::Network { .. } | Self::Timeout { .. } => None,
        }
    }
}

/// Who has a lock that could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct LockHeldError {
    /// What the server said. Its `retry_after` is when the lock comes free if the holder does nothing.
    pub message: Message,
    /// Login of the holder.
    pub holder: Option<String>,
    /// Id of the holder.
    pub holder_id: Option<String>,
    /// When the lock comes free if the holder does nothing, as RFC 3339 has it.
    pub expires_at: Option<String>,
    /// The holder's note.
    pub metadata: Option<String>,
}

/// What happened to a connection.
#[derive(Debug, Error)]
#[error("the connection failed: {why}")]
pub struct NetworkError {
    why: String,
    was_sent: bool,
    source: Option<reqwest::Error>,
}

impl NetworkError {
    /// Whether the request can have reached the server.
    #[must_use]
    pub fn was_sent(&self) -> bool {
        self.was_sent
    }

    /// What came of a request, or of the making of a client.
    pub(crate) fn of(error: reqwest::Error) -> Error {
        let source = Self {
            why: innermost(&error).to_string(),
            was_sent: !error.is_connect() && !error.is_builder(),
            source: Some(error.without_url()),
        };
        Error::Network { source }
    }

    /// The end of a stream that should go on.
    pub(crate) fn stream_ended() -> Error {
        let source = Self { why: "the stream ended".to_owned(), was_sent: true, source: None };
        Error::Network { source }
    }
}

/// The outer ones of such errors say little more than that there was one.
fn innermost<'a>(error: &'a (dyn std::error::Error + 'static)) -> &'a (dyn std::error::Error + 'static) {
    std::iter::successors(Some(error), |outer| outer.source()).last().unwrap_or(error)
}
