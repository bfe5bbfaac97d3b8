use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

/// An error message for people, together with the server's details for programs.
///
/// It can be used like a `str`.
#[derive(Clone, PartialEq, Eq)]
pub struct Message(Box<Facts>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub text: String,
    pub code: Option<String>,
    pub status: Option<u16>,
    pub request_id: Option<String>,
    pub retry_after: Option<Duration>,
    pub broken: Option<LeaseBroken>,
    pub cause: Option<Cause>,
}

/// An error of the program.
#[derive(Clone)]
pub(crate) struct Cause(Arc<dyn std::error::Error + Send + Sync>);

impl From<Box<dyn std::error::Error + Send + Sync>> for Cause {
    fn from(error: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self(error.into())
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Cause {}

/// Does not quote the error, because it could contain anything.
impl fmt::Debug for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Cause").finish_non_exhaustive()
    }
}

/// Who ended a lease that was not theirs, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct LeaseBroken {
    /// What they gave as the reason.
    pub reason: String,
    /// Login of the user who broke it, or `administrator`.
    pub broken_by: String,
    /// When, by the server's clock, in RFC 3339 format.
    pub broken_at: String,
}

impl Message {
    /// The server's stable code, such as `lock_not_found`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The HTTP status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Identifies the request in the server's log.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Who ended the lease, if someone broke it.
    #[must_use]
    pub fn broken(&self) -> Option<&LeaseBroken> {
        self.0.broken.as_ref()
    }

    /// The error of the function that gives the token, if it has failed.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.0.cause.as_ref().map(|cause| &*cause.0)
    }

    /// How long the server asks you to wait before you try again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }
}

impl Message {
    /// The same facts with another text.
    pub(crate) fn saying(mut self, text: String) -> Self {
        self.0.text = text;
        self
    }
}

impl From<Facts> for Message {
    fn from(facts: Facts) -> Self {
        Self(Box::new(facts))
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Facts { text: text.to_owned(), ..Facts::default() }.into()
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Facts { text, ..Facts::default() }.into()
    }
}

impl Deref for Message {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.text
    }
}

impl fmt::Display for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self)
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
