use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::clock::Moment;
use crate::error::{Error, LockConflict, LockHeldError, Result, StaleTokenError};
use crate::message::{Facts, Message};

/// The codes of a 409 that says why you cannot have a lock now.
const CONFLICTS: [&str; 4] = ["lock_held", "lock_queued", "lock_delayed", "limit_mismatch"];
/// The codes of a 409 about a lease id that you use for several leases.
const MISUSED_IDS: [&str; 2] = ["lease_mismatch", "ambiguous_lease_id"];

/// A complete response.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// When the request was sent. No lease in the response can have begun earlier.
    pub sent_at: Moment,
}

/// Reads the body of a successful response, or fails to.
pub(crate) type Read<T> = fn(&[u8]) -> Option<T>;

pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

pub(crate) fn nothing(body: &[u8]) -> Option<()> {
    body.is_empty().then_some(())
}

impl Answer {
    /// Reads a successful response, and returns the matching error for any other.
    pub fn result<T>(self, read: Read<T>) -> Result<T> {
        if !self.status.is_success() {
            return Err(self.into_error());
        }
        read(&self.body)
            .ok_or_else(|| not_understood(self.status, "the answer of the server cannot be understood"))
    }

    /// Its message quotes only JSON errors: a proxy's error page could contain anything.
    pub fn into_error(self) -> Error {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let message = Message::from(Facts {
            text: sentences(&body)
                .unwrap_or_else(|| format!("the server answered with status {}", self.status.as_u16())),
            code: text(&body["code"]),
            status: Some(self.status.as_u16()),
            request_id: text(&body["request_id"]).or_else(|| header(&self.headers, "x-request-id")),
            retry_after: body["retry_after_ms"]
                .as_u64()
                .map(Duration::from_millis)
                .or_else(|| retry_after(&self.headers)),
            broken: (body["code"] == "lease_broken")
                .then(|| serde_json::from_value(body.clone()).ok())
                .flatten(),
            cause: None,
        });
        let code = message.code().unwrap_or_default();
        match self.status.as_u16() {
            409 if CONFLICTS.contains(&code) => held(message, &body).into(),
            409 if code == "stale_fencing_token" => stale(message, &body),
            409 if MISUSED_IDS.contains(&code) => Error::Validation { message },
            401 => Error::Authentication { message },
            400 | 413 | 414 | 415 | 422 | 431 => Error::Validation { message },
            404 | 410 => Error::NotFound { message },
            403 if code.ends_with("_limit_exceeded") => Error::Limit { message },
            403 => Error::Permission { message },
            429 => Error::Limit { message },
            502..=504 => Error::Unavailable { message },
            _ => Error::Server { message },
        }
    }
}

/// The error for a successful response that cannot be read.
pub(crate) fn not_understood(status: StatusCode, why: &str) -> Error {
    let message =
        Message::from(Facts { text: why.to_owned(), status: Some(status.as_u16()), ..Facts::default() });
    Error::Server { message }
}

fn held(message: Message, body: &Value) -> LockHeldError {
    let (lock, holder) = (text(&body["lock"]["name"]), text(&body["lock"]["holder"]));
    let expires_at = text(&body["expires_at"]);
    let message = match (message.code(), &lock, &holder, &expires_at) {
        (Some("lock_held"), Some(lock), Some(holder), Some(end)) => {
            message.saying(held_by(lock, holder, end))
        }
        _ => message,
    };
    LockHeldError {
        message,
        holder,
        holder_id: text(&body["holder_id"]),
        expires_at,
        metadata: text(&body["metadata"]),
        conflict: Box::new(LockConflict {
            lock,
            limit: body["limit"].as_u64(),
            position: body["position"].as_u64(),
            waiters: body["waiters"].as_u64(),
        }),
    }
}

fn stale(message: Message, body: &Value) -> Error {
    match body["highest"].as_u64() {
        Some(highest) => StaleTokenError { message, highest }.into(),
        None => Error::Server { message },
    }
}

/// The server writes times in UTC. Their fractions of a second are left out.
fn held_by(lock: &str, holder: &str, end: &str) -> String {
    let seconds = end.split(['.', 'Z']).next().unwrap_or(end);
    format!("The lock \"{lock}\" is held by {holder} (until {seconds}Z).")
}

fn sentences(body: &Value) -> Option<String> {
    let sentences: Vec<&str> =
        [&body["error"], &body["details"]].into_iter().filter_map(Value::as_str).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The header holds a number of seconds or a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    Some(until.duration_since(SystemTime::now()).unwrap_or_default())
}
