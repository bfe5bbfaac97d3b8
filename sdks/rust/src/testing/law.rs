use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use serde_json::json;
use tokio::sync::oneshot;

use super::state::{
    Broken, Hold, KEPT_PLACE, Lease, Mode, Outcome, REMEMBERED, Refusal, Request, Session, Ticket, Want,
    Wish, lock_not_found,
};

const TICK: Duration = Duration::from_millis(1);

/// An acquire that is answered now, or waits in line.
pub(super) enum Acquired {
    Now(Outcome),
    Later { ticket: u64, answer: oneshot::Receiver<Outcome> },
}

/// The rules by which a double grants locks: those of the server, in their simplest form. Its clock moves only when told to.
pub(super) struct Law {
    started_at: SystemTime,
    pub now: Duration,
    pub last_token: u64,
    /// In the order of their fencing tokens.
    pub leases: Vec<Lease>,
    /// In the order of arrival.
    pub tickets: Vec<Ticket>,
    pub sessions: HashMap<String, Session>,
    /// Until when no one gets a lock.
    pub coolings: HashMap<String, Duration>,
    pub fences: HashMap<String, u64>,
    broken: Vec<Broken>,
    requests: HashMap<String, Request>,
    last_ticket: u64,
}

impl Law {
    pub fn new() -> Self {
        Self {
            started_at: SystemTime::now(),
            now: Duration::ZERO,
            last_token: 0,
            leases: Vec::new(),
            tickets: Vec::new(),
            sessions: HashMap::new(),
            coolings: HashMap::new(),
            fences: HashMap::new(),
            broken: Vec::new(),
            requests: HashMap::new(),
            last_ticket: 0,
        }
    }

    /// What a wall clock shows at a time.
    pub fn wall_clock(&self, at: Duration) -> SystemTime {
        self.started_at + at
    }

    /// Moves the clock. Everything that is due meanwhile happens at its time.
    pub fn advance(&mut self, by: Duration) {
        let end = self.now + by;
        while let Some(due) = self.next_deadline().filter(|due| *due < end) {
            self.now = due + TICK;
            self.sweep();
        }
        self.now = end;
    }

    fn next_deadline(&self) -> Option<Duration> {
        let leases = self.leases.iter().map(|lease| lease.deadline);
        let tickets = self.tickets.iter().map(|ticket| ticket.deadline);
        let sessions = self.sessions.values().map(|session| session.deadline);
        leases.chain(tickets).chain(sessions).chain(self.coolings.values().copied()).min()
    }

    fn sweep(&mut self) {
        let now = self.now;
        let sessions: Vec<Session> =
            self.sessions.values().filter(|one| one.deadline < now).cloned().collect();
        for session in sessions {
            self.expire_session(session);
        }
        while let Some(lease) = self.leases.iter().find(|lease| lease.deadline < now).cloned() {
            self.expire(&lease, lease.deadline);
        }
        self.coolings.retain(|_, until| *until >= now);
        self.hand_over();
        let late: Vec<u64> =
            self.tickets.iter().filter(|ticket| ticket.deadline < now).map(|ticket| ticket.number).collect();
        for number in late {
            self.end_wait(number);
        }
        self.hand_over();
    }

    pub fn acquire(&mut self, wish: Wish, wait: Duration) -> Acquired {
        match self.acquired_now(&wish, wait) {
            Ok(Some(granted)) => Acquired::Now(Ok(granted)),
            Ok(None) => self.join(wish, wait),
            Err(refusal) => Acquired::Now(Err(refusal)),
        }
    }

    /// None if the request joins the line.
    fn acquired_now(&mut self, wish: &Wish, wait: Duration) -> Result<Option<(Lease, bool)>, Refusal> {
        if let Some(session) = &wish.session {
            self.own_session(session, &wish.user)?;
        }
        if let Some(lease) = self.repeated(wish)? {
            return Ok(Some((lease, false)));
        }
        if let Some(at) = self.place_of(wish)? {
            return self.asked_again(at, wish, wait);
        }
        let names: Vec<&str> = wish.wants.iter().map(|want| want.name.as_str()).collect();
        if let Some(why) = self.why_broken(&wish.user, &wish.lease_id, Some(&names)) {
            return Err(why);
        }
        if self.is_next(&wish.wants, self.tickets.len()) {
            return Ok(Some((self.grant(wish), true)));
        }
        if wait.is_zero() {
            return Err(self.conflict(&wish.wants, self.tickets.len(), false));
        }
        Ok(None)
    }

    fn asked_again(
        &mut self,
        at: usize,
        wish: &Wish,
        wait: Duration,
    ) -> Result<Option<(Lease, bool)>, Refusal> {
        let is_asking = self.tickets[at].is_asking();
        if !is_asking && self.is_next(&wish.wants, at) {
            self.tickets.remove(at);
            return Ok(Some((self.grant(wish), true)));
        }
        if wait.is_zero() {
            let refusal = self.conflict(&wish.wants, at, true);
            if !is_asking {
                self.tickets[at].deadline = self.now + KEPT_PLACE;
            }
            return Err(refusal);
        }
        Ok(None)
    }

    /// Joins the line, or takes over the place that the request already has.
    fn join(&mut self, wish: Wish, wait: Duration) -> Acquired {
        let (sender, answer) = oneshot::channel();
        let deadline = self.now + wait;
        self.last_ticket += 1;
        let number = self.last_ticket;
        if let Ok(Some(at)) = self.place_of(&wish) {
            let refusal = self.conflict(&wish.wants, at, true);
            let place = &mut self.tickets[at];
            place.settle(Err(refusal));
            (place.number, place.wish, place.deadline, place.answer) = (number, wish, deadline, Some(sender));
        } else {
            self.tickets.push(Ticket { number, wish, since: self.now, deadline, answer: Some(sender) });
        }
        Acquired::Later { ticket: number, answer }
    }

    /// The client of a ticket is gone. Its place is kept for a while.
    pub fn abandon(&mut self, number: u64) {
        if let Some(at) = self.tickets.iter().position(|ticket| ticket.number == number && ticket.is_asking())
        {
            self.tickets[at].answer = None;
            self.keep_place(at);
            self.hand_over();
        }
    }

    pub fn leave_line(&mut self, name: &str, user: &str, lease_id: &str) -> Result<(), Refusal> {
        let is_it = |ticket: &Ticket| ticket.wish.want(name).is_some() && ticket.is_place_of(user, lease_id);
        let Some(at) = self.tickets.iter().position(is_it) else {
            let text = "You have no place in this line under this lease_id.";
            return Err(Refusal::new(404, "place_not_found", text));
        };
        let mut ticket = self.tickets.remove(at);
        ticket.settle(Err(self.conflict(&ticket.wish.wants, self.tickets.len(), false)));
        self.hand_over();
        Ok(())
    }

    /// The user's lease with this id, which holds the lock if one is named.
    pub fn own_lease(&self, user: &str, lease_id: &str, name: Option<&str>) -> Result<Lease, Refusal> {
        let is_own = |lease: &&Lease| {
            lease.user == user && lease.id == lease_id && name.is_none_or(|name| lease.on(name).is_some())
        };
        let mut own = self.leases.iter().filter(is_own);
        match (own.next(), own.next()) {
            (Some(_), Some(_)) => {
                Err(Refusal::new(409, "ambiguous_lease_id", "You hold several leases with this lease_id."))
            }
            (Some(lease), None) => Ok(lease.clone()),
            (None, _) => {
                let names = name.map(|name| vec![name]);
                let broken = self.why_broken(user, lease_id, names.as_deref());
                Err(broken.unwrap_or_else(|| lock_not_found("You do not hold this lock under this lease.")))
            }
        }
    }

    /// Returns the lease as it is now, and the latest request to release one of its locks.
    pub fn renew(&mut self, lease: &Lease, ttl: Duration) -> (Lease, Option<Request>) {
        let renewed = Lease { ttl, deadline: self.now + ttl, ..lease.clone() };
        self.replace(lease.token, &renewed);
        let requests = lease.holds.iter().filter_map(|hold| self.requests.get(&hold.name));
        let latest = requests
            .filter(|request| lease.token <= request.through)
            .max_by_key(|request| request.at)
            .cloned();
        (renewed, latest)
    }

    pub fn release(&mut self, lease: &Lease) {
        self.end(lease, lease.kept_until);
    }

    pub fn convert(&mut self, lease: &Lease, name: &str, mode: Mode) -> Result<Lease, Refusal> {
        let mut converted = lease.clone();
        for hold in converted.holds.iter_mut().filter(|hold| hold.name == name) {
            if hold.mode.limit().is_some() {
                return Err(invalid("The lock is counted, and a counted lock has no other mode."));
            }
            if hold.mode == mode {
                return Ok(lease.clone());
            }
            hold.mode = mode;
        }
        if mode == Mode::Exclusive {
            if let Some(other) = self.holders(name).find(|other| other.token != lease.token) {
                return Err(self.held_by(name, other));
            }
            self.last_token += 1;
            converted.token = self.last_token;
        }
        self.replace(lease.token, &converted);
        self.leases.sort_by_key(|lease| lease.token);
        self.hand_over();
        Ok(converted)
    }

    pub fn request_release(
        &mut self,
        name: &str,
        user: &str,
        message: Option<String>,
    ) -> Result<(), Refusal> {
        let Some(last) = self.holders(name).last() else {
            return Err(lock_not_found("No lease holds this lock, so there is no one to ask."));
        };
        let request = Request { by: user.to_owned(), message, at: self.now, through: last.token };
        self.requests.insert(name.to_owned(), request);
        Ok(())
    }

    /// Returns the tokens of the leases that it has ended, and whether it has ended a delay instead.
    pub fn break_lock(
        &mut self,
        name: &str,
        reason: &str,
        token: Option<u64>,
    ) -> Result<(Vec<u64>, bool), Refusal> {
        let is_meant = |lease: &&Lease| token.is_none_or(|token| lease.token == token);
        let leases: Vec<Lease> = self.holders(name).filter(is_meant).cloned().collect();
        for lease in &leases {
            let broken = Broken { lease: lease.clone(), reason: reason.to_owned(), at: self.now };
            self.broken.push(broken);
            self.end(lease, self.now + lease.lock_delay);
        }
        if !leases.is_empty() {
            return Ok((leases.iter().map(|lease| lease.token).collect(), false));
        }
        if token.is_none() && self.coolings.remove(name).is_some() {
            self.hand_over();
            return Ok((Vec::new(), true));
        }
        Err(lock_not_found("No lease holds this lock, so there is nothing to break."))
    }

    pub fn own_session(&self, id: &str, user: &str) -> Result<Session, Refusal> {
        match self.sessions.get(id).filter(|session| session.user == user) {
            None => Err(session_not_found()),
            Some(session) if session.is_over => Err(session_expired()),
            Some(session) => Ok(session.clone()),
        }
    }

    pub fn end_session(&mut self, session: &Session) {
        self.sessions.remove(&session.id);
        self.refuse_tickets_of(session, &session_not_found());
        let leases: Vec<Lease> = self.leases_of(session).cloned().collect();
        for lease in leases {
            self.end(&lease, lease.kept_until);
        }
        self.hand_over();
    }

    fn expire_session(&mut self, session: Session) {
        self.sessions.remove(&session.id);
        if session.is_over {
            return;
        }
        let end = session.deadline;
        let over = Session { is_over: true, deadline: end + REMEMBERED, ..session };
        self.refuse_tickets_of(&over, &session_expired());
        let leases: Vec<Lease> = self.leases_of(&over).cloned().collect();
        for lease in leases {
            self.expire(&lease, end.min(lease.deadline));
        }
        self.sessions.insert(over.id.clone(), over);
        self.hand_over();
    }

    pub fn leases_of(&self, session: &Session) -> impl Iterator<Item = &Lease> {
        self.leases.iter().filter(|lease| lease.session.as_ref() == Some(&session.id))
    }

    fn refuse_tickets_of(&mut self, session: &Session, refusal: &Refusal) {
        self.tickets.retain_mut(|ticket| {
            let is_of_it = ticket.wish.session.as_ref() == Some(&session.id);
            if is_of_it {
                ticket.settle(Err(refusal.clone()));
            }
            !is_of_it
        });
    }

    /// The leases that hold a lock, in the order of their tokens.
    pub fn holders(&self, name: &str) -> impl Iterator<Item = &Lease> {
        self.leases.iter().filter(move |lease| lease.on(name).is_some())
    }

    /// How many requests wait for a lock now.
    pub fn waiters(&self, name: &str) -> usize {
        self.tickets.iter().filter(|ticket| ticket.asks_for(name)).count()
    }

    fn replace(&mut self, token: u64, with: &Lease) {
        for lease in self.leases.iter_mut().filter(|lease| lease.token == token) {
            lease.clone_from(with);
        }
    }

    fn expire(&mut self, lease: &Lease, at: Duration) {
        self.end(lease, lease.kept_until.max(at + lease.lock_delay));
    }

    fn end(&mut self, lease: &Lease, cools_until: Duration) {
        self.leases.retain(|other| other.token != lease.token);
        for hold in &lease.holds {
            if hold.mode == Mode::Exclusive && cools_until > self.now {
                self.coolings.insert(hold.name.clone(), cools_until);
            }
            if self.holders(&hold.name).next().is_none() {
                self.requests.remove(&hold.name);
            }
        }
        self.hand_over();
    }

    fn end_wait(&mut self, number: u64) {
        let Some(at) = self.tickets.iter().position(|ticket| ticket.number == number) else { return };
        if !self.tickets[at].is_asking() {
            self.tickets.remove(at);
            return;
        }
        let ticket = &mut self.tickets[at];
        let (answer, wants) = (ticket.answer.take(), ticket.wish.wants.clone());
        let refusal = self.conflict(&wants, at, true);
        self.keep_place(at);
        if let Some(answer) = answer {
            let _ = answer.send(Err(refusal));
        }
    }

    /// Keeps it if its client can ask for it again, which takes a lease id that it knows.
    fn keep_place(&mut self, at: usize) {
        if self.tickets[at].wish.is_id_chosen {
            self.tickets[at].deadline = self.now + KEPT_PLACE;
        } else {
            self.tickets.remove(at);
        }
    }

    /// Grants locks to those who are first in line, for as long as they fit.
    fn hand_over(&mut self) {
        let can_be_served = |law: &Self, at: usize| {
            law.tickets[at].is_asking() && law.is_next(&law.tickets[at].wish.wants, at)
        };
        while let Some(at) = (0..self.tickets.len()).find(|at| can_be_served(self, *at)) {
            let mut ticket = self.tickets.remove(at);
            let lease = self.grant(&ticket.wish);
            ticket.settle(Ok((lease, true)));
        }
    }

    /// Whether a request can be granted that is behind the first so many tickets.
    fn is_next(&self, wants: &[Want], behind: usize) -> bool {
        wants.iter().all(|want| self.fits(want) && !self.is_asked_for(&want.name, behind))
    }

    pub fn is_asked_for(&self, name: &str, behind: usize) -> bool {
        self.tickets[..behind].iter().any(|ticket| ticket.asks_for(name))
    }

    pub fn fits(&self, want: &Want) -> bool {
        if self.coolings.contains_key(&want.name) {
            return false;
        }
        let Some(first) = self.holds_of(&want.name).next() else { return true };
        match want.mode {
            Mode::Exclusive => false,
            Mode::Shared => first.mode == Mode::Shared,
            Mode::Counted { .. } => first.mode == want.mode && self.free_slots(want).len() >= want.permits,
        }
    }

    pub fn holds_of(&self, name: &str) -> impl Iterator<Item = &Hold> {
        self.leases.iter().filter_map(move |lease| lease.on(name))
    }

    fn free_slots(&self, want: &Want) -> Vec<usize> {
        let is_free = |slot: &usize| !self.holds_of(&want.name).any(|hold| hold.slots.contains(slot));
        (0..want.mode.limit().unwrap_or(0)).filter(is_free).collect()
    }

    fn grant(&mut self, wish: &Wish) -> Lease {
        self.last_token += 1;
        let hold = |want: &Want| {
            let mut slots = self.free_slots(want);
            slots.truncate(want.permits);
            Hold { name: want.name.clone(), mode: want.mode, slots }
        };
        let lease = Lease {
            id: wish.lease_id.clone(),
            user: wish.user.clone(),
            session: wish.session.clone(),
            token: self.last_token,
            ttl: wish.ttl,
            deadline: self.now + wish.ttl,
            metadata: wish.metadata.clone(),
            holds: wish.wants.iter().map(hold).collect(),
            lock_delay: wish.lock_delay,
            kept_until: self.now + wish.min_hold,
        };
        self.leases.push(lease.clone());
        lease
    }

    /// The lease that a request asks for again.
    fn repeated(&self, wish: &Wish) -> Result<Option<Lease>, Refusal> {
        let is_any = |lease: &&Lease| wish.wants.iter().any(|want| lease.on(&want.name).is_some());
        for lease in self.leases.iter().filter(|lease| lease.user == wish.user).filter(is_any) {
            let is_same = wish.is_same(lease.session.as_ref(), &lease.wants());
            let is_named = wish.is_id_chosen && lease.id == wish.lease_id;
            if is_same && (is_named || !wish.is_id_chosen) {
                return Ok(Some(lease.clone()));
            }
            if is_named {
                return Err(mismatch());
            }
        }
        Ok(None)
    }

    /// Where the place in line is that a request asks for again.
    fn place_of(&self, wish: &Wish) -> Result<Option<usize>, Refusal> {
        let is_it = |ticket: &Ticket| {
            wish.is_id_chosen
                && ticket.is_place_of(&wish.user, &wish.lease_id)
                && wish.wants.iter().any(|want| ticket.wish.want(&want.name).is_some())
        };
        let Some(at) = self.tickets.iter().position(is_it) else { return Ok(None) };
        let known = &self.tickets[at].wish;
        if wish.is_same(known.session.as_ref(), &known.wants) { Ok(Some(at)) } else { Err(mismatch()) }
    }

    fn why_broken(&self, user: &str, lease_id: &str, names: Option<&[&str]>) -> Option<Refusal> {
        let is_named =
            |lease: &Lease| names.is_none_or(|names| names.iter().any(|name| lease.on(name).is_some()));
        let is_it = |broken: &&Broken| {
            let Broken { lease, at, .. } = broken;
            lease.user == user && lease.id == lease_id && is_named(lease) && *at + REMEMBERED >= self.now
        };
        let broken = self.broken.iter().rev().find(is_it)?;
        let more = json!({
            "reason": broken.reason, "broken_by": "administrator", "broken_at": self.text(broken.at),
        });
        Some(Refusal::new(410, "lease_broken", "An operator has ended your lease.").with(more))
    }
}

pub(super) fn invalid(details: &str) -> Refusal {
    let refusal = Refusal::new(422, "validation_failed", "The request is not valid.");
    refusal.with(json!({ "details": details }))
}

fn mismatch() -> Refusal {
    Refusal::new(409, "lease_mismatch", "You already use this lease_id for something else.")
}

fn session_not_found() -> Refusal {
    Refusal::new(404, "session_not_found", "You have no such session.")
}

fn session_expired() -> Refusal {
    Refusal::new(410, "session_expired", "The session has expired. Open a new one.")
}
