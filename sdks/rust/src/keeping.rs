use std::fmt;
use std::future::{Future, pending};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::clock::Moment;
use crate::flag::Flag;
use crate::message::Message;
use crate::rules::RULES;

/// Why a lock or a session is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Loss {
    /// The server reported that it has ended.
    Ended,
    /// It could not be renewed in time, so it may have expired.
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

/// What is known about the lifetime of a lease or session that is being kept.
#[derive(Debug)]
pub(crate) struct Keeping {
    ttl: Duration,
    /// When the request that granted it or last renewed it was sent.
    proved_at: Mutex<Moment>,
    phase: watch::Sender<Phase>,
    /// Whether it has certainly ended on the server.
    is_gone: Flag,
    /// What the server has said about its end.
    said: Mutex<Option<Message>>,
    /// The session that it belongs to and ends with.
    within: Option<Arc<Keeping>>,
}

impl Keeping {
    pub fn new(ttl: Duration, proved_at: Moment, within: Option<Arc<Self>>) -> Self {
        let (proved_at, phase) = (Mutex::new(proved_at), watch::Sender::new(Phase::Kept));
        Self { ttl, proved_at, phase, is_gone: Flag::new(false), said: Mutex::default(), within }
    }

    /// Whether it, or its session, has certainly ended on the server.
    pub fn is_gone(&self) -> bool {
        self.is_gone.is_set() || self.within.as_ref().is_some_and(|outer| outer.is_gone())
    }

    /// It has ended on the server.
    pub fn has_gone(&self) {
        self.is_gone.set(true);
    }

    /// The server has said that it has ended.
    pub fn has_ended(&self, said: Message) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = Some(said);
        self.has_gone();
        self.lose(Loss::Ended);
    }

    /// What the server has said about its end.
    pub fn said(&self) -> Option<Message> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// For the text form of a handle.
    pub fn state(&self) -> String {
        match (self.loss(), *self.phase.borrow()) {
            (Some(loss), _) => format!("lost: {loss}"),
            (None, Phase::GivenUp) => "closed".to_owned(),
            (None, _) => format!("{} ms left", self.remaining().as_millis()),
        }
    }

    pub fn ttl(&self) -> Duration {
        self.ttl
    }

    pub fn proved_at(&self) -> Moment {
        *self.proved_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a renewal whose request was sent at that time.
    pub fn prove(&self, sent_at: Moment) {
        let mut proved_at = self.proved_at.lock().unwrap_or_else(PoisonError::into_inner);
        *proved_at = sent_at.max(*proved_at);
    }

    /// Checks the clock, so it is correct even if timers are late, as after the process was paused.
    pub fn loss(&self) -> Option<Loss> {
        if self.within.as_ref().is_some_and(|outer| outer.is_over()) {
            self.lose(Loss::SessionOver);
        }
        if self.loss_at().has_come() {
            self.lose(Loss::NotRenewed);
        }
        match *self.phase.borrow() {
            Phase::Lost(loss) => Some(loss),
            Phase::Kept | Phase::GivenUp => None,
        }
    }

    /// How long it is certain to live. Zero once it is lost or closed.
    pub fn remaining(&self) -> Duration {
        if self.is_over() {
            return Duration::ZERO;
        }
        let own = self.proved_at().after(self.ttl).left();
        match &self.within {
            Some(outer) => own.min(outer.remaining()),
            None => own,
        }
    }

    /// When it counts as lost unless it is renewed.
    pub fn loss_at(&self) -> Moment {
        self.proved_at().after(self.ttl.saturating_sub(margin(self.ttl)))
    }

    pub fn lose(&self, loss: Loss) {
        self.leave(Phase::Lost(loss));
    }

    pub fn give_up(&self) {
        self.leave(Phase::GivenUp);
    }

    /// Resolves when it is lost. Never resolves if it is closed first.
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

    /// Resolves when it is lost or closed.
    pub fn over(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        let mut phase = self.phase.subscribe();
        async move {
            // The only possible error is that the sender is gone, so that nothing keeps it any more.
            let _ = phase.wait_for(|phase| *phase != Phase::Kept).await;
        }
    }

    /// Resolves when the session that it is tied to is over. Never resolves if there is none.
    pub async fn outer_over(&self) {
        match &self.within {
            Some(outer) => outer.over().await,
            None => pending().await,
        }
    }

    pub fn is_over(&self) -> bool {
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

/// How long before its TTL ends a lease or session counts as lost.
fn margin(ttl: Duration) -> Duration {
    ttl.mul_f64(RULES.margin_fraction)
        .clamp(Duration::from_millis(RULES.margin_ms_min), Duration::from_millis(RULES.margin_ms_max))
}
