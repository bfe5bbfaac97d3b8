use serde::{Deserialize, Serialize};

use crate::lease::LockMode;
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
    /// Someone broke its lease. A webhook gets this only if it names it; otherwise, it gets `expired`.
    Broken,
    /// Someone asks the holders to release it. A webhook gets this only if it names it.
    ReleaseRequested,
    /// It may need attention, such as if its holder renews late. A webhook gets this only if it names it.
    Warning,
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
    /// More about the lease, or about who asks.
    #[serde(flatten)]
    pub details: Box<LockEventDetails>,
}

/// More about something that happened to a lock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LockEventDetails {
    /// How the lease holds or held the lock. Servers of version 1.0 do not say.
    pub mode: Option<LockMode>,
    /// How many permits the lock has. Only if it is counted.
    pub limit: Option<u32>,
    /// The permits that the lease has or had. Only if the lock is counted.
    pub slots: Option<Vec<u32>>,
    /// The names of all locks of the lease, as far as you may see them. Only if it holds several.
    pub lease_locks: Option<Vec<String>>,
    /// `broken` with [`LockEventKind::Expired`], if someone has broken the lease.
    pub cause: Option<String>,
    /// Why the lease was broken. With [`LockEventKind::Broken`] only.
    pub reason: Option<String>,
    /// Login of the user who broke the lease, or `administrator`. With [`LockEventKind::Broken`] only.
    pub broken_by: Option<String>,
    /// Login of the user who asks for the release. With [`LockEventKind::ReleaseRequested`] only.
    pub requested_by: Option<String>,
    /// What that user says. With [`LockEventKind::ReleaseRequested`] only.
    pub message: Option<String>,
    /// What may need attention, such as `renews_late`. With [`LockEventKind::Warning`] only.
    pub warning: Option<String>,
    /// The warning as a sentence. With [`LockEventKind::Warning`] only.
    pub summary: Option<String>,
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

#[cfg(test)]
mod tests {
    use super::{LockEvent, LockEventKind};
    use crate::lease::LockMode;

    #[test]
    fn a_break_is_an_event() {
        let event: LockEvent = serde_json::from_str(
            r#"{"event": "broken", "lock": "a", "holder_id": null, "fencing_token": 7, "timestamp": "2030-01-01T00:00:00Z",
                "sequence": 9, "mode": "counted", "limit": 3, "slots": [2], "reason": "stuck", "broken_by": "administrator"}"#,
        )
        .unwrap();
        assert_eq!((event.event, event.details.mode), (LockEventKind::Broken, Some(LockMode::Counted)));
        assert_eq!((event.details.reason.as_deref(), event.details.slots), (Some("stuck"), Some(vec![2])));
    }

    #[test]
    fn a_request_for_a_release_is_an_event() {
        let event: LockEvent = serde_json::from_str(
            r#"{"event": "release_requested", "lock": "a", "timestamp": "2030-01-01T00:00:00Z", "sequence": 9,
                "requested_by": "ada", "message": "deploying"}"#,
        )
        .unwrap();
        assert_eq!(event.event, LockEventKind::ReleaseRequested);
        assert_eq!(
            (event.details.requested_by.as_deref(), event.details.message.as_deref()),
            (Some("ada"), Some("deploying"))
        );
    }

    #[test]
    fn a_warning_is_an_event() {
        let event: LockEvent = serde_json::from_str(
            r#"{"event": "warning", "lock": "a", "timestamp": "2030-01-01T00:00:00Z", "sequence": 9, "mode": "exclusive",
                "warning": "renews_late", "summary": "It is late."}"#,
        )
        .unwrap();
        assert_eq!(event.event, LockEventKind::Warning);
        assert_eq!(
            (event.details.warning.as_deref(), event.details.summary.as_deref()),
            (Some("renews_late"), Some("It is late."))
        );
    }
}
