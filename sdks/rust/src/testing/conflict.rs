use std::time::Duration;

use serde_json::{Value, json};

use super::law::Law;
use super::present::whole_ms;
use super::state::{Lease, Refusal, Ticket, Want};

impl Law {
    /// Refuses a request that is behind the first so many tickets, because of the first lock that it cannot have. A request with a
    /// place in line learns of that.
    pub fn conflict(&self, wants: &[Want], behind: usize, has_place: bool) -> Refusal {
        let is_blocked = |want: &&Want| !self.fits(want) || self.is_asked_for(&want.name, behind);
        let want = wants.iter().find(is_blocked).unwrap_or(&wants[0]);
        let mut refusal = self.kept_by(want, behind);
        if let (Some(wanted), Some(limit)) = (want.mode.limit(), self.limit_of(&want.name)) {
            if wanted != limit {
                refusal.code = "limit_mismatch";
                refusal.more["limit"] = json!(limit);
            }
        }
        if has_place {
            let ahead = self.tickets[..behind].iter().filter(|ticket| ticket.asks_for(&want.name)).count();
            refusal.more["position"] = json!(ahead + 1);
            refusal.more["waiters"] = json!(self.waiters(&want.name));
        }
        refusal
    }

    /// The limit with which a lock is held, or that the first in line asks for.
    fn limit_of(&self, name: &str) -> Option<usize> {
        match self.holds_of(name).next() {
            Some(hold) => hold.mode.limit(),
            None => self.first_asking(name, self.tickets.len())?.wish.want(name)?.mode.limit(),
        }
    }

    fn first_asking(&self, name: &str, behind: usize) -> Option<&Ticket> {
        self.tickets[..behind].iter().find(|ticket| ticket.asks_for(name))
    }

    fn kept_by(&self, want: &Want, behind: usize) -> Refusal {
        let name = &want.name;
        if let Some(first) = self.holders(name).next() {
            if !self.fits(want) {
                return self.held_by(name, first);
            }
        }
        if let Some(until) = self.coolings.get(name) {
            return self.kept(name, "lock_delayed", "delayed", *until);
        }
        let until = self.first_asking(name, behind).map_or(self.now, |ticket| ticket.deadline);
        self.kept(name, "lock_queued", "queued", until)
    }

    pub fn held_by(&self, name: &str, lease: &Lease) -> Refusal {
        let session = lease.session.as_ref().and_then(|session| self.sessions.get(session));
        let end = session.map_or(lease.deadline, |session| session.deadline.min(lease.deadline));
        let expires_at = self.text(lease.deadline);
        let more = json!({
            "lock": { "name": name, "holder": lease.user, "expires_at": expires_at },
            "status": "held",
            "holder_id": lease.user,
            "expires_at": expires_at,
            "metadata": lease.metadata,
            "retry_after_ms": whole_ms(end.saturating_sub(self.now)),
        });
        Refusal::new(409, "lock_held", "The lock is already held.").with(more)
    }

    fn kept(&self, name: &str, code: &'static str, status: &str, until: Duration) -> Refusal {
        let expires_at = self.text(until);
        let more = json!({
            "lock": { "name": name, "holder": Value::Null, "expires_at": expires_at },
            "status": status,
            "holder_id": Value::Null,
            "expires_at": expires_at,
            "metadata": Value::Null,
            "retry_after_ms": whole_ms(until.saturating_sub(self.now)),
        });
        Refusal::new(409, code, "You cannot have the lock now, although no one holds it.").with(more)
    }
}
