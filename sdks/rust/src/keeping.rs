use std::fmt;
use std::future::{Future, pending};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::rules::RULES;

/// Why a lock or a session is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Loss {
    /// The server said that it has ended.
    Ended,
    /// It could not be renewed in time, so that it can no longer be proved to live.
    NotRenewed,
    /// The session that a lock is tied to was lost or ended.
    SessionOver,
}

impl fmt::Display for Loss {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Ended => "it has ended on the server",
            Self::NotRenewed => "it could not be renewed in time",
            Self::SessionOver => "its session is over",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Kept,
    GivenUp,
    Lost(Loss),
}

/// What is known of the life of something that is kept, a lease or a session.
#[derive(Debug)]
pub(crate) struct Keeping {
    ttl: Duration,
    /// When the request was sent that granted it or last renewed it.
    proved_at: Mutex<Instant>,
    phase: watch::Sender<Phase>,
    /// What it ends with at the latest.
    within: Option<Arc<Keeping>>,
}

impl Keeping {
    pub fn new(ttl: Duration, proved_at: Instant, within: Option<Arc<Self>>) -> Self {
        Self { ttl, proved_at: Mutex::new(proved_at), phase: watch::Sender::new(Phase::Kept), within }
    }

    pub fn ttl(&self) -> Duration {
        self.ttl
    }

    pub fn proved_at(&self) -> Instant {
        *self.proved_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It was renewed by a request that was sent then.
    pub fn prove(&self, sent_at: Instant) {
        let mut proved_at = self.proved_at.lock().unwrap_or_else(PoisonError::into_inner);
        *proved_at = sent_at.max(*proved_at);
    }

    /// Looks at the clock: right also when timers are late, as after a pause of the whole process.
    pub fn loss(&self) -> Option<Loss> {
        if self.within.as_ref().is_some_and(|outer| outer.is_over()) {
            self.lose(Loss::SessionOver);
        }
        if Instant::now() >= self.loss_at() {
            self.lose(Loss::NotRenewed);
        }
        match *self.phase.borrow() {
            Phase::Lost(loss) => Some(loss),
            Phase::Kept | Phase::GivenUp => None,
        }
    }

    /// For how long it lives for certain: not at all once it is lost or given up.
    pub fn remaining(&self) -> Duration {
        if self.is_over() {
            return Duration::ZERO;
        }
        let own = (self.proved_at() + self.ttl).saturating_duration_since(Instant::now());
        match &self.within {
            Some(outer) => own.min(outer.remaining()),
            None => own,
        }
    }

    /// When it counts as lost unless it is renewed.
    pub fn loss_at(&self) -> Instant {
        self.proved_at() + self.ttl.saturating_sub(margin(self.ttl))
    }

    pub fn lose(&self, loss: Loss) {
        self.leave(Phase::Lost(loss));
    }

    pub fn give_up(&self) {
        self.leave(Phase::GivenUp);
    }

    /// Resolves when it is lost; never, if it is given up before.
    pub fn lost(&self) -> impl Future<Output = Loss> + Send + 'static + use<> {
        let mut phase = self.phase.subscribe();
        async move {
            let found = phase.wait_for(|phase| matches!(phase, Phase::Lost(_))).await;
            match found.map(|phase| *phase) {
                Ok(Phase::Lost(loss)) => loss,
                _ => pending().await,
            }
        }
    }

    /// Resolves when it is lost or given up.
    pub fn over(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        let mut phase = self.phase.subscribe();
        async move {
            // The only error is that there is no sender any more, and so nobody who keeps it.
            let _ = phase.wait_for(|phase| *phase != Phase::Kept).await;
        }
    }

    /// Resolves when what it is tied to is over; never, if there is no such thing.
    pub async fn outer_over(&self) {
        match &self.within {
            Some(outer) => outer.over().await,
            None => pending().await,
        }
    }

    fn is_over(&self) -> bool {
        self.loss().is_some() || *self.phase.borrow() != Phase::Kept
    }

    fn leave(&self, next: Phase) {
        self.phase.send_if_modified(|phase| {
            let is_kept = *phase == Phase::Kept;
            if is_kept {
                *phase = next;
            }
            is_kept
        });
    }
}

/// How long before its end something counts as lost.
fn margin(ttl: Duration) -> Duration {
    ttl.mul_f64(RULES.margin_fraction)
        .clamp(Duration::from_millis(RULES.margin_ms_min), Duration::from_millis(RULES.margin_ms_max))
}
