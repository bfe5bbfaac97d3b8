use std::fmt;

use serde::{Deserialize, Serialize};

use crate::watch_types::LockEvent;

/// A webhook to be created.
#[derive(Clone, Serialize)]
#[must_use]
pub struct NewWebhook {
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lock_pattern: Option<String>,
}

impl NewWebhook {
    /// All events of all locks, sent to an HTTPS URL without a signature.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), secret: None, events: None, lock_pattern: None }
    }

    /// Signs what is sent; never shown again. One that begins with `whsec_` holds its key in base64.
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// Which events: `acquired`, `released`, `renewed`, `expired`, or `*` for all.
    pub fn events<T: Into<String>>(mut self, events: impl IntoIterator<Item = T>) -> Self {
        self.events = Some(events.into_iter().map(Into::into).collect());
        self
    }

    /// Which locks, as a glob such as `billing/*`.
    pub fn lock_pattern(mut self, lock_pattern: impl Into<String>) -> Self {
        self.lock_pattern = Some(lock_pattern.into());
        self
    }
}

/// Without the secret.
impl fmt::Debug for NewWebhook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NewWebhook")
            .field("url", &self.url)
            .field("events", &self.events)
            .field("lock_pattern", &self.lock_pattern)
            .finish_non_exhaustive()
    }
}

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Webhook {
    /// Names the webhook.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// Where to it sends.
    pub url: String,
    /// `****` if there is one.
    pub secret: Option<String>,
    /// Which events it sends.
    pub events: Vec<String>,
    /// Which locks it is for, as a glob; all of them if there is none.
    pub lock_pattern: Option<String>,
    /// When it was created, as RFC 3339 has it.
    pub created_at: String,
    /// Whether it sends.
    pub active: bool,
    /// Why the server has stopped calling it.
    pub disabled_reason: Option<String>,
}

/// Which deliveries to list.
#[derive(Debug, Clone, Copy, Default)]
#[must_use]
pub struct DeliveriesOptions {
    pub(crate) limit: Option<u32>,
    pub(crate) before: Option<u64>,
}

impl DeliveriesOptions {
    /// The latest 50.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many at most, from 1 to 100.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The page that follows another one: the `next_before` of that.
    pub fn before(mut self, before: u64) -> Self {
        self.before = Some(before);
        self
    }
}

/// A page of deliveries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Deliveries {
    /// Newest event first.
    pub deliveries: Vec<Delivery>,
    /// Asks for the next page; none on the last one.
    pub next_before: Option<u64>,
}

/// What came of one event for one webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Delivery {
    /// Also the `webhook-id` header, the same on every attempt.
    pub id: String,
    /// The webhook that it is for.
    pub webhook_id: String,
    /// What came of it so far.
    pub state: DeliveryState,
    /// Why it was given up.
    pub dead_reason: Option<String>,
    /// What is sent.
    pub payload: LockEvent,
    /// The most recent ones, oldest first.
    pub attempts: Vec<DeliveryAttempt>,
    /// When it is tried again, as RFC 3339 has it; after an attempt that failed.
    pub next_attempt_at: Option<String>,
    /// When it was queued, as RFC 3339 has it.
    pub created_at: String,
}

/// What came of a delivery so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// It waits to be made.
    Pending,
    /// The receiver took it.
    Delivered,
    /// It was given up.
    Dead,
}

/// One attempt at a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeliveryAttempt {
    /// When it was made, as RFC 3339 has it.
    pub at: String,
    /// HTTP status of the receiver, if it answered.
    pub status: Option<u16>,
    /// Why it failed; none if it did not.
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}
