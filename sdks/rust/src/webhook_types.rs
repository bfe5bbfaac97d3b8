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
    /// Sends all events of all locks to an HTTPS URL, without a signature.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), secret: None, events: None, lock_pattern: None }
    }

    /// Signs each delivery. Never shown again. After the prefix `whsec_`, the key is in base64.
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// Which events to send: `acquired`, `released`, `renewed`, `expired`, or `*` for all.
    pub fn events<T: Into<String>>(mut self, events: impl IntoIterator<Item = T>) -> Self {
        self.events = Some(events.into_iter().map(Into::into).collect());
        self
    }

    /// Which locks to send events for, as a glob such as `billing/*`.
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
    /// The id of the webhook.
    pub id: String,
    /// The id of its user.
    pub user_id: String,
    /// The URL that it sends to.
    pub url: String,
    /// `****` if there is one.
    pub secret: Option<String>,
    /// Which events it sends.
    pub events: Vec<String>,
    /// Which locks it sends events for, as a glob. All locks if none.
    pub lock_pattern: Option<String>,
    /// When it was created, in RFC 3339 format.
    pub created_at: String,
    /// Whether the server sends to it.
    pub active: bool,
    /// Why the server has stopped sending to it.
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

    /// The maximum number, 1 to 100.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Gets the next page: pass the `next_before` of the previous one.
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
    /// Pass this as `before` to get the next page. None on the last page.
    pub next_before: Option<u64>,
}

/// The delivery of one event to one webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Delivery {
    /// Also sent as the `webhook-id` header. The same on every attempt.
    pub id: String,
    /// The webhook that it is for.
    pub webhook_id: String,
    /// The state of the delivery.
    pub state: DeliveryState,
    /// Why it has failed for good.
    pub dead_reason: Option<String>,
    /// The event that is sent.
    pub payload: LockEvent,
    /// The most recent attempts, oldest first.
    pub attempts: Vec<DeliveryAttempt>,
    /// When it is tried again, in RFC 3339 format. Only set after a failed attempt.
    pub next_attempt_at: Option<String>,
    /// When it was queued, in RFC 3339 format.
    pub created_at: String,
}

/// The state of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// It is still to be delivered.
    Pending,
    /// The receiver accepted it.
    Delivered,
    /// It has failed for good.
    Dead,
}

/// One attempt at a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeliveryAttempt {
    /// When it was made, in RFC 3339 format.
    pub at: String,
    /// HTTP status of the receiver. None if it did not respond.
    pub status: Option<u16>,
    /// Why it failed. None if it did not.
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}
