use std::time::Duration;

use serde_json::Value;
use tokio::sync::oneshot;

/// How long a place in line is kept while no one is asking for it.
pub(super) const KEPT_PLACE: Duration = Duration::from_secs(15);
/// How long broken leases and expired sessions are remembered.
pub(super) const REMEMBERED: Duration = Duration::from_secs(3600);

/// An answer that is an error.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub text: String,
    pub more: Value,
}

impl Refusal {
    pub fn new(status: u16, code: &'static str, text: &str) -> Self {
        Self { status, code, text: text.to_owned(), more: Value::Null }
    }

    pub fn with(self, more: Value) -> Self {
        Self { more, ..self }
    }
}

pub(super) fn lock_not_found(text: &str) -> Refusal {
    Refusal::new(404, "lock_not_found", text)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Exclusive,
    Shared,
    Counted { limit: usize },
}

impl Mode {
    pub fn name(self) -> &'static str {
        match self {
            Self::Exclusive => "exclusive",
            Self::Shared => "shared",
            Self::Counted { .. } => "counted",
        }
    }

    pub fn limit(self) -> Option<usize> {
        match self {
            Self::Counted { limit } => Some(limit),
            Self::Exclusive | Self::Shared => None,
        }
    }
}

/// What a request wants of one lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Want {
    pub name: String,
    pub mode: Mode,
    /// 0 unless the lock is counted.
    pub permits: usize,
}

/// How a lease holds one lock.
#[derive(Debug, Clone)]
pub(super) struct Hold {
    pub name: String,
    pub mode: Mode,
    pub slots: Vec<usize>,
}

impl Hold {
    fn want(&self) -> Want {
        Want { name: self.name.clone(), mode: self.mode, permits: self.slots.len() }
    }
}

/// The lease that an acquire asks for.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub wants: Vec<Want>,
    pub user: String,
    pub session: Option<String>,
    pub lease_id: String,
    pub is_id_chosen: bool,
    pub ttl: Duration,
    pub metadata: Option<String>,
    pub lock_delay: Duration,
    pub min_hold: Duration,
}

impl Wish {
    pub fn want(&self, name: &str) -> Option<&Want> {
        self.wants.iter().find(|want| want.name == name)
    }

    pub fn is_same(&self, session: Option<&String>, wants: &[Want]) -> bool {
        self.session.as_ref() == session
            && self.wants.len() == wants.len()
            && self.wants.iter().all(|want| wants.contains(want))
    }
}

/// One grant. Times are those since the double was made.
#[derive(Debug, Clone)]
pub(super) struct Lease {
    pub id: String,
    pub user: String,
    pub session: Option<String>,
    pub token: u64,
    pub ttl: Duration,
    /// The last millisecond at which it is alive.
    pub deadline: Duration,
    pub metadata: Option<String>,
    pub holds: Vec<Hold>,
    pub lock_delay: Duration,
    pub kept_until: Duration,
}

impl Lease {
    pub fn on(&self, name: &str) -> Option<&Hold> {
        self.holds.iter().find(|hold| hold.name == name)
    }

    pub fn wants(&self) -> Vec<Want> {
        self.holds.iter().map(Hold::want).collect()
    }
}

/// The answer to an acquire: a lease, and whether it is new.
pub(super) type Outcome = Result<(Lease, bool), Refusal>;

/// A request with a place in line.
#[derive(Debug)]
pub(super) struct Ticket {
    pub number: u64,
    pub wish: Wish,
    pub since: Duration,
    pub deadline: Duration,
    /// None while no one is asking.
    pub answer: Option<oneshot::Sender<Outcome>>,
}

impl Ticket {
    pub fn is_asking(&self) -> bool {
        self.answer.is_some()
    }

    pub fn asks_for(&self, name: &str) -> bool {
        self.is_asking() && self.wish.want(name).is_some()
    }

    pub fn is_place_of(&self, user: &str, lease_id: &str) -> bool {
        self.wish.is_id_chosen && self.wish.user == user && self.wish.lease_id == lease_id
    }

    /// Answers the client, which then no longer asks.
    pub fn settle(&mut self, outcome: Outcome) {
        if let Some(answer) = self.answer.take() {
            // A client that has given up needs no answer.
            let _ = answer.send(outcome);
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Session {
    pub id: String,
    pub user: String,
    pub ttl: Duration,
    pub deadline: Duration,
    /// Whether it has expired, and is remembered until its deadline.
    pub is_over: bool,
}

/// A lease that an administrator has ended.
#[derive(Debug)]
pub(super) struct Broken {
    pub lease: Lease,
    pub reason: String,
    pub at: Duration,
}

/// For the leases up to a fencing token.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub by: String,
    pub message: Option<String>,
    pub at: Duration,
    pub through: u64,
}
