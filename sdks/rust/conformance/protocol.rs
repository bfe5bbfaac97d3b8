use std::collections::HashMap;

use octostore::{Error, SignatureError};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

/// What a request may hold. Each uses some of it.
#[derive(Deserialize)]
pub struct Given {
    pub id: u64,
    #[serde(rename = "do")]
    pub what: String,
    #[serde(default, rename = "as")]
    pub new: String,
    #[serde(default)]
    pub client: String,
    pub handle: Option<String>,
    pub session: Option<String>,
    pub watch: Option<String>,
    pub election: Option<String>,
    pub block: Option<String>,
    pub base_url: Option<Addresses>,
    #[serde(default)]
    pub token: GivenToken,
    pub token_function: Option<GivenTokens>,
    #[serde(default)]
    pub locks: Vec<GivenLock>,
    pub mode: Option<String>,
    pub limit: Option<u32>,
    pub permits: Option<u32>,
    pub proof: Option<bool>,
    pub lock_delay_seconds: Option<u32>,
    pub min_hold_seconds: Option<u32>,
    #[serde(default)]
    pub reason: String,
    pub message: Option<String>,
    pub fencing_token: Option<u64>,
    pub wait_slice_seconds: Option<u32>,
    #[serde(default)]
    pub release_on_exit: bool,
    pub fails: Option<String>,
    pub timeout_ms: Option<u64>,
    #[serde(default)]
    pub name: String,
    pub prefix: Option<String>,
    pub owner: Option<String>,
    pub lease_id: Option<String>,
    pub session_id: Option<String>,
    pub ttl_seconds: Option<i64>,
    pub wait_seconds: Option<u64>,
    pub metadata: Option<String>,
    #[serde(default)]
    pub url: String,
    pub secret: Option<String>,
    pub events: Option<Vec<String>>,
    pub lock_pattern: Option<String>,
    #[serde(default)]
    pub webhook_id: String,
    #[serde(default)]
    pub delivery_id: String,
    #[serde(default)]
    pub headers: HashMap<String, String>,
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    pub now_seconds: u64,
}

/// One base URL, or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Addresses {
    One(String),
    Several(Vec<String>),
}

impl Addresses {
    pub fn all(&self) -> Vec<&str> {
        match self {
            Self::One(address) => vec![address],
            Self::Several(addresses) => addresses.iter().map(String::as_str).collect(),
        }
    }
}

/// A token that is left out comes from the environment. One of null is none.
#[derive(Clone, Default)]
pub enum GivenToken {
    #[default]
    OfEnvironment,
    Given(Option<String>),
}

impl<'de> Deserialize<'de> for GivenToken {
    fn deserialize<D: Deserializer<'de>>(given: D) -> Result<Self, D::Error> {
        Option::deserialize(given).map(Self::Given)
    }
}

/// What the function for the token gives, one after the other. Then it fails, or gives the last one again.
#[derive(Clone, Deserialize)]
pub struct GivenTokens {
    pub tokens: Vec<String>,
    pub fails: Option<String>,
    #[serde(default)]
    pub delay_ms: u64,
}

/// One of several locks that are wanted together.
#[derive(Deserialize)]
pub struct GivenLock {
    pub name: String,
    pub mode: Option<String>,
    pub limit: Option<u32>,
    pub permits: Option<u32>,
}

/// What a request can fail with.
#[derive(Debug)]
pub enum Failure {
    Call(Error),
    Signature(SignatureError),
    /// An error of the program, not of the SDK.
    Program(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<SignatureError> for Failure {
    fn from(error: SignatureError) -> Self {
        Self::Signature(error)
    }
}

/// The fields of an error, as the protocol names them.
pub fn error_facts(failure: &Failure) -> Value {
    let error = match failure {
        Failure::Call(error) => error,
        Failure::Signature(error) => return json!({ "type": "signature", "message": error.to_string() }),
        Failure::Program(message) => return json!({ "type": "program", "message": message }),
    };
    let mut facts = json!({
        "type": type_of(error),
        "message": error.to_string(),
        "code": error.code(),
        "status": error.status(),
        "request_id": error.request_id(),
        "retry_after_ms": error.retry_after().map(|after| after.as_millis()),
    });
    match error {
        Error::LockHeld(held) => {
            facts["lock"] = json!(held.conflict.lock);
            facts["holder"] = json!(held.holder);
            facts["holder_id"] = json!(held.holder_id);
            facts["expires_at"] = json!(held.expires_at);
            facts["metadata"] = json!(held.metadata);
            facts["limit"] = json!(held.conflict.limit);
            facts["position"] = json!(held.conflict.position);
            facts["waiters"] = json!(held.conflict.waiters);
        }
        Error::StaleToken(stale) => facts["highest"] = json!(stale.highest),
        Error::Authentication { message } => facts["cause"] = json!(message.cause().map(ToString::to_string)),
        Error::NotFound { message } => {
            if let Some(broken) = message.broken() {
                facts["reason"] = json!(broken.reason);
                facts["broken_by"] = json!(broken.broken_by);
                facts["broken_at"] = json!(broken.broken_at);
            }
        }
        _ => {}
    }
    facts
}

fn type_of(error: &Error) -> &'static str {
    match error {
        Error::LockHeld(_) => "held",
        Error::StaleToken(_) => "stale",
        Error::Authentication { .. } => "authentication",
        Error::Validation { .. } => "validation",
        Error::NotFound { .. } => "not_found",
        Error::Limit { .. } => "limit",
        Error::Permission { .. } => "permission",
        Error::Unavailable { .. } => "unavailable",
        Error::Server { .. } => "server",
        Error::Network { .. } => "network",
        Error::Timeout { .. } => "timeout",
        Error::LockLost(_) => "lost",
        _ => "unknown",
    }
}
