use std::future::Future;
use std::time::{Duration, Instant};

use crate::answer::{Read, nothing};
use crate::client::Client;
use crate::delay::delay;
use crate::error::{Error, Result};
use crate::flag::Flag;
use crate::rules::RULES;
use crate::transport::Request;

/// The result of an attempt, and when it was sent.
pub(crate) struct Sent<T> {
    pub value: T,
    pub at: Instant,
}

/// Whether it is harmful if the server does something twice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Twice {
    Harmless,
    Harmful,
}

impl Client {
    /// One attempt. It is sent again only if the token was replaced, see [`Bearer::send`](crate::bearer::Bearer::send).
    pub(crate) async fn attempt<T>(&self, request: impl Fn() -> Request, read: Read<T>) -> Result<Sent<T>> {
        self.bearer.send(|authorization| self.exchange(request().authorized(authorization), read)).await
    }

    /// Sends one request with the token that it already has.
    pub(crate) async fn exchange<T>(&self, request: Request, read: Read<T>) -> Result<Sent<T>> {
        let answer = self.transport.exchange(request).await?;
        let at = answer.sent_at;
        answer.result(read).map(|value| Sent { value, at })
    }

    /// Makes as many attempts as it needs and as are safe.
    pub(crate) async fn call<T>(&self, request: Request, read: Read<T>, twice: Twice) -> Result<Sent<T>> {
        let is_unknown = Flag::new(false);
        repeated(twice, &is_unknown, || self.attempt(|| request.clone(), read)).await
    }

    /// Removes something. If it is gone after an attempt with an unknown outcome, that attempt did it.
    pub(crate) async fn remove<T>(&self, request: Request, read: Read<T>) -> Result<()> {
        let is_unknown = Flag::new(false);
        let attempt = || self.attempt(|| request.clone(), read);
        let removed = repeated(Twice::Harmless, &is_unknown, attempt).await;
        match removed {
            Err(Error::NotFound { .. }) if is_unknown.is_set() => Ok(()),
            other => other.map(drop),
        }
    }

    pub(crate) async fn delete(&self, path: &[&str]) -> Result<()> {
        self.remove(self.request(reqwest::Method::DELETE, path), nothing).await
    }
}

/// Makes attempts until one succeeds or no other is allowed. At any time, even when this is dropped, `is_unknown` says
/// whether an attempt may have taken effect without our knowing.
pub(crate) async fn repeated<T, F>(twice: Twice, is_unknown: &Flag, attempt: impl Fn() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut failures = 0;
    loop {
        let was_unknown = is_unknown.is_set();
        is_unknown.set(true);
        let result = attempt().await;
        is_unknown.set(result.as_ref().is_err_and(|error| was_unknown || leaves_unknown(error)));
        let error = match result {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        failures += 1;
        if failures > RULES.repeats_max || !may_repeat(&error, twice) {
            return Err(error);
        }
        tokio::time::sleep(delay(failures, error.retry_after())).await;
    }
}

/// Whether to retry a call that failed with this error.
pub(crate) fn may_repeat(error: &Error, twice: Twice) -> bool {
    let is_soon = error.retry_after().unwrap_or_default() <= Duration::from_millis(RULES.retry_after_ms_max);
    let was_never_sent = matches!(error, Error::Network { source } if !source.was_sent());
    is_transient(error) && is_soon && (twice == Twice::Harmless || was_never_sent)
}

/// Whether retrying cannot help, with the same request or another one.
pub(crate) fn is_final(error: &Error) -> bool {
    match error {
        Error::Authentication { .. }
        | Error::Validation { .. }
        | Error::NotFound { .. }
        | Error::Permission { .. } => true,
        Error::Limit { message } => message.status() != Some(429),
        _ => false,
    }
}

/// Whether the same request may well succeed a moment later.
fn is_transient(error: &Error) -> bool {
    match error {
        Error::Network { .. } | Error::Timeout { .. } | Error::Unavailable { .. } => true,
        Error::Limit { message } => message.status() == Some(429),
        // A successful response that could not be read.
        Error::Server { message } => message.status().is_some_and(|status| status < 300),
        _ => false,
    }
}

fn leaves_unknown(error: &Error) -> bool {
    match error {
        Error::Network { source } => source.was_sent(),
        Error::Timeout { .. } | Error::Server { .. } | Error::Unavailable { .. } => true,
        _ => false,
    }
}
