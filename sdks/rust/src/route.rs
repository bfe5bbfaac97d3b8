use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::calls::is_fault_of_server;
use crate::clock::Moment;
use crate::delay::delay;
use crate::error::Error;
use crate::rules::RULES;
use crate::servers::{Server, Servers};

/// A request that lasted this long has waited in line.
const WAITED_MIN: Duration = Duration::from_secs(1);

/// How long a route goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// For the usual number of rounds, and after these until a moment. It waits for any `Retry-After` that ends by then.
    Until(Option<Moment>),
    /// Forever. It waits for any `Retry-After`.
    Endless,
}

/// Which server each attempt of a call goes to, and when. The attempts go in rounds: in each, every server is asked once, without a
/// pause in between. Before each further round there is a pause, which grows.
pub(crate) struct Route {
    servers: Arc<Servers>,
    server: Server,
    patience: Patience,
    /// The current round, from 1.
    round: u32,
    /// How many rounds have failed since the pauses began to grow.
    failures: u32,
    /// The servers that were asked in this round.
    asked: BTreeSet<Server>,
    /// Until when servers have asked to be left alone.
    busy_until: BTreeMap<Server, Moment>,
}

/// A server, and in what time it can be asked.
#[derive(Clone, Copy)]
struct Choice {
    server: Server,
    after: Duration,
}

impl Route {
    pub fn new(servers: Arc<Servers>, patience: Patience) -> Self {
        let server = servers.current();
        let (asked, busy_until) = (BTreeSet::new(), BTreeMap::new());
        Self { servers, server, patience, round: 1, failures: 0, asked, busy_until }
    }

    /// The server for the next attempt.
    pub fn server(&self) -> Server {
        self.server
    }

    /// Begins with the first round again, and never ends from then on, because the connection that has been made may break.
    pub fn restart(&mut self) {
        self.servers.keep(self.server);
        *self = Self::new(Arc::clone(&self.servers), Patience::Endless);
    }

    /// Goes on after a failed attempt, which took this long. Returns how long to pause before the next one, or none if there is none.
    pub fn next(&mut self, error: &Error, lasted: Duration) -> Option<Duration> {
        let now = Moment::now();
        if matches!(self.patience, Patience::Until(Some(_))) && lasted >= WAITED_MIN {
            self.failures = 0;
        }
        self.asked.insert(self.server);
        self.busy_until.insert(self.server, now.after(error.retry_after().unwrap_or_default()));
        // Another server would say the same about a request that this one has understood.
        let servers: Vec<Server> = if is_fault_of_server(error) {
            self.servers.current_first().collect()
        } else {
            vec![self.server]
        };
        let choice = self.in_this_round(&servers, now).or_else(|| self.in_next_round(&servers, now))?;
        self.server = choice.server;
        Some(choice.after)
    }

    fn in_this_round(&self, servers: &[Server], now: Moment) -> Option<Choice> {
        let unasked = servers.iter().filter(|server| !self.asked.contains(server));
        let choices = unasked.map(|server| self.choice(*server, now, Duration::ZERO));
        soonest(choices, self.longest(now))
    }

    fn in_next_round(&mut self, servers: &[Server], now: Moment) -> Option<Choice> {
        let is_last = self.patience != Patience::Endless && self.round > RULES.repeats_max;
        let patience = match self.patience {
            Patience::Until(until) => until.map_or(Duration::ZERO, |until| until.since(now)),
            Patience::Endless => Duration::MAX,
        };
        if is_last && patience.is_zero() {
            return None;
        }
        let pause = delay(self.failures + 1, None);
        let pause = if is_last { pause.min(patience) } else { pause };
        let choices = servers.iter().map(|server| self.choice(*server, now, pause));
        let choice = soonest(choices, self.longest(now));
        self.round += 1;
        self.failures += 1;
        self.asked.clear();
        choice
    }

    /// The longest pause that is worth it.
    fn longest(&self, now: Moment) -> Duration {
        let usual = Duration::from_millis(RULES.retry_after_ms_max);
        match self.patience {
            Patience::Until(Some(until)) => until.since(now).max(usual),
            Patience::Until(None) => usual,
            Patience::Endless => Duration::MAX,
        }
    }

    fn choice(&self, server: Server, now: Moment, pause: Duration) -> Choice {
        let busy = self.busy_until.get(&server).map_or(Duration::ZERO, |until| until.since(now));
        Choice { server, after: pause.max(busy) }
    }
}

/// The first of those that can be asked soonest, and within the longest pause.
fn soonest(choices: impl Iterator<Item = Choice>, longest: Duration) -> Option<Choice> {
    choices.filter(|choice| choice.after <= longest).min_by_key(|choice| choice.after)
}
