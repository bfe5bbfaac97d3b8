use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};

use super::law::Law;
use super::state::{Hold, Lease, Request, Session, Ticket};

/// How many holders of a lock, and how many places of a line, are shown.
const SHOWN_MAX: usize = 100;
const SECONDS_PER_DAY: u64 = 86_400;

/// Shows things as the server does. The id of a user is its login.
impl Law {
    /// A lease, to its holder, as the response to a request about one lock.
    pub fn show_lease(&self, lease: &Lease, name: &str, is_new: bool) -> Value {
        let mut shown = merged(self.show_own(lease, is_new), self.show_held(lease, name));
        if lease.holds.len() > 1 {
            shown["locks"] = lease.holds.iter().map(show_lock).collect();
        }
        shown
    }

    /// A lease with all its locks, to its holder.
    pub fn show_whole(&self, lease: &Lease, is_new: bool) -> Value {
        let mut shown = merged(self.show_own(lease, is_new), self.show_fields(lease));
        if let Some(session) = &lease.session {
            shown["session_id"] = json!(session);
        }
        shown["locks"] = lease.holds.iter().map(show_lock).collect();
        shown
    }

    fn show_own(&self, lease: &Lease, is_new: bool) -> Value {
        let passed = lease.ttl.saturating_sub(lease.deadline.saturating_sub(self.now));
        json!({
            "status": if is_new { "acquired" } else { "held" },
            "lease_id": lease.id,
            "renew_after_ms": whole_ms((lease.ttl / 3).saturating_sub(passed)),
        })
    }

    fn show_fields(&self, lease: &Lease) -> Value {
        json!({
            "fencing_token": lease.token,
            "expires_at": self.text(lease.deadline),
            "holder": lease.user,
            "holder_id": lease.user,
            "metadata": lease.metadata,
        })
    }

    fn show_held(&self, lease: &Lease, name: &str) -> Value {
        merged(self.show_fields(lease), lease.on(name).map_or(Value::Null, show_lock))
    }

    pub fn show_request(&self, request: Option<Request>) -> Value {
        request.map_or(Value::Null, |request| {
            let at = self.text(request.at);
            json!({ "release_requested": { "by": request.by, "message": request.message, "at": at } })
        })
    }

    pub fn show_status(&self, name: &str, viewer: &str) -> Value {
        let holders: Vec<&Lease> = self.holders(name).collect();
        let Some(first) = holders.first() else { return self.show_not_held(name) };
        let slots = |lease: &&Lease| lease.on(name).map_or(0, |hold| hold.slots.len());
        let shown = holders.iter().take(SHOWN_MAX).map(|lease| self.show_holder(lease, name, viewer));
        let mut status = merged(
            self.show_held(first, name),
            json!({
                "status": "held",
                "lease_id": (first.user == viewer).then_some(&first.id),
                "waiters": self.waiters(name),
                "holder_count": holders.len(),
                "holders": shown.collect::<Vec<_>>(),
            }),
        );
        if status["mode"] == "counted" {
            status["permits_in_use"] = json!(holders.iter().map(slots).sum::<usize>());
        }
        status
    }

    fn show_holder(&self, lease: &Lease, name: &str, viewer: &str) -> Value {
        let mut shown = merged(self.show_fields(lease), own_lease_id(lease, viewer));
        if let Some(hold) = lease.on(name).filter(|hold| hold.mode.limit().is_some()) {
            shown["slots"] = json!(hold.slots);
        }
        shown
    }

    pub fn show_listed(&self, lease: &Lease, name: &str, viewer: &str) -> Value {
        let held = merged(json!({ "status": "held" }), self.show_held(lease, name));
        merged(held, own_lease_id(lease, viewer))
    }

    fn show_not_held(&self, name: &str) -> Value {
        let common = json!({ "name": name, "fencing_token": self.last_token, "waiters": self.waiters(name) });
        match self.coolings.get(name) {
            None => merged(common, json!({ "status": "available", "message": "Lock not currently held" })),
            Some(until) => {
                let available_at = self.text(*until);
                let message = "Lock not available yet";
                merged(
                    common,
                    json!({ "status": "delayed", "message": message, "available_at": available_at }),
                )
            }
        }
    }

    pub fn show_line(&self, name: &str, viewer: &str) -> Value {
        let line: Vec<&Ticket> =
            self.tickets.iter().filter(|ticket| ticket.wish.want(name).is_some()).collect();
        let position = |at: usize| 1 + line[..at].iter().filter(|ticket| ticket.is_asking()).count();
        let place = |(at, ticket): (usize, &&Ticket)| self.show_place(ticket, name, position(at), viewer);
        let places: Vec<Value> = line.iter().enumerate().take(SHOWN_MAX).map(place).collect();
        json!({ "name": name, "waiters": self.waiters(name), "total": line.len(), "queue": places })
    }

    fn show_place(&self, ticket: &Ticket, name: &str, position: usize, viewer: &str) -> Value {
        let Ticket { wish, since, .. } = ticket;
        let mut shown = json!({
            "position": position,
            "holder": wish.user,
            "holder_id": wish.user,
            "since": self.text(*since),
            "asking": ticket.is_asking(),
            "lease_id": (wish.user == viewer).then_some(&wish.lease_id),
        });
        if let Some(want) = wish.want(name) {
            shown["mode"] = json!(want.mode.name());
            if let Some(limit) = want.mode.limit() {
                shown["limit"] = json!(limit);
                shown["permits"] = json!(want.permits);
            }
        }
        shown
    }

    pub fn show_session(&self, session: &Session) -> Value {
        json!({ "session_id": session.id, "expires_at": self.text(session.deadline) })
    }

    /// A time as the server writes it.
    pub fn text(&self, at: Duration) -> String {
        let since_epoch = self.wall_clock(at).duration_since(UNIX_EPOCH).unwrap_or_default();
        let (days, seconds) =
            (since_epoch.as_secs() / SECONDS_PER_DAY, since_epoch.as_secs() % SECONDS_PER_DAY);
        let (year, month, day) = date(days);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let millisecond = since_epoch.subsec_millis();
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z")
    }
}

/// Year, month and day, by the days since 1970. The years begin in March, so that leap days are at their ends.
fn date(days_since_1970: u64) -> (u64, u64, u64) {
    let days = days_since_1970 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

pub(super) fn whole_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// An object with the members of both.
pub(super) fn merged(mut one: Value, other: Value) -> Value {
    if let (Value::Object(members), Value::Object(more)) = (&mut one, other) {
        members.extend(more);
    }
    one
}

fn show_lock(hold: &Hold) -> Value {
    let mut shown = json!({ "name": hold.name, "mode": hold.mode.name() });
    if let Some(limit) = hold.mode.limit() {
        shown = merged(shown, json!({ "limit": limit, "permits": hold.slots.len(), "slots": hold.slots }));
    }
    shown
}

fn own_lease_id(lease: &Lease, viewer: &str) -> Value {
    if lease.user == viewer { json!({ "lease_id": lease.id }) } else { Value::Null }
}
