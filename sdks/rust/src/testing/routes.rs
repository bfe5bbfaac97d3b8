use std::time::Duration;

use serde_json::{Value, json};

use super::body::{Body, check_name, new_id};
use super::law::{Acquired, Law, invalid};
use super::present::merged;
use super::state::{Refusal, Session, Want};

/// A request whose sender is known.
pub(super) struct Asked<'a> {
    pub method: &'a str,
    pub path: &'a [&'a str],
    pub user: &'a str,
    pub is_admin: bool,
    pub body: &'a Body,
    pub query: &'a [(String, String)],
}

/// How an acquire is shown once it is granted.
pub(super) enum Shown {
    Lock(String),
    Whole,
}

/// What a request is answered with.
pub(super) enum Reply {
    Now(u16, Value),
    /// With the lease of an acquire.
    Lease(Acquired, Shown),
}

type Answered = Result<Reply, Refusal>;

#[expect(clippy::unnecessary_wraps, reason = "it is the result of a route")]
fn ok(body: Value) -> Answered {
    Ok(Reply::Now(200, body))
}

/// The routes that a double leaves out.
const LEFT_OUT: [&str; 8] =
    ["watch", "webhooks", "admin", "auth", "status", "metrics", "policy.schema.json", ".well-known"];

impl Law {
    pub fn answer(&mut self, asked: &Asked<'_>) -> Answered {
        if asked.body.wants_proof() {
            return Err(not_in_double("a lease with a proof"));
        }
        match (asked.method, asked.path) {
            ("GET", ["locks"]) => ok(self.list(asked)),
            ("GET", ["locks", name]) => {
                check_name(name)?;
                ok(self.show_status(name, asked.user))
            }
            ("POST", ["locks", name, verb]) => self.of_lock(name, verb, asked),
            (_, ["leases", rest @ ..]) => self.of_leases(rest, asked),
            ("GET", ["queues", name]) => ok(self.show_line(name, asked.user)),
            ("DELETE", ["queues", name, lease_id]) => {
                self.leave_line(name, asked.user, &lease_id.to_lowercase())?;
                ok(json!({ "status": "left", "message": "You left the line" }))
            }
            (_, ["sessions", rest @ ..]) => self.of_sessions(rest, asked),
            (_, ["fences", name, rest @ ..]) => self.of_fence(name, rest, asked),
            _ => nothing_at(asked),
        }
    }

    fn of_lock(&mut self, name: &str, verb: &str, asked: &Asked<'_>) -> Answered {
        check_name(name)?;
        let Asked { user, body, .. } = *asked;
        match verb {
            "acquire" => self.acquired(vec![body.want(name)?], asked, Shown::Lock(name.to_owned())),
            "renew" => {
                let lease = self.own_lease(user, &body.lease_id()?, Some(name))?;
                let (lease, request) = self.renew(&lease, body.ttl()?);
                ok(merged(self.show_lease(&lease, name, false), self.show_request(request)))
            }
            "release" => {
                let lease = self.own_lease(user, &body.lease_id()?, Some(name))?;
                self.release(&lease);
                ok(json!({ "status": "released", "message": "Lock released" }))
            }
            "convert" => {
                let lease = self.own_lease(user, &body.lease_id()?, Some(name))?;
                let lease = self.convert(&lease, name, body.mode()?)?;
                ok(self.show_lease(&lease, name, false))
            }
            "request-release" => {
                self.request_release(name, user, body.text("message", 256)?)?;
                let message = "The holders learn of it when they next renew";
                ok(json!({ "status": "release_requested", "message": message }))
            }
            "break" => self.broken(name, asked),
            _ => nothing_at(asked),
        }
    }

    fn acquired(&mut self, wants: Vec<Want>, asked: &Asked<'_>, shown: Shown) -> Answered {
        let wish = asked.body.wish(wants, asked.user)?;
        Ok(Reply::Lease(self.acquire(wish, asked.body.wait()?), shown))
    }

    fn broken(&mut self, name: &str, asked: &Asked<'_>) -> Answered {
        if !asked.is_admin {
            return Err(Refusal::new(403, "admin_required", "Only administrators may do this."));
        }
        let reason = asked.body.text("reason", 256)?.unwrap_or_default();
        let (tokens, ended_delay) = self.break_lock(name, &reason, asked.body.optional_fencing_token()?)?;
        ok(json!({
            "status": "broken",
            "name": name,
            "lease_count": tokens.len(),
            "fencing_tokens": tokens,
            "ended_delay": ended_delay,
        }))
    }

    fn list(&self, asked: &Asked<'_>) -> Value {
        let value =
            |name: &str| asked.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let (prefix, is_own) = (value("prefix"), value("owner") == Some("me"));
        let leases = self.leases.iter().filter(|lease| !is_own || lease.user == asked.user);
        let mut held: Vec<_> = leases
            .flat_map(|lease| lease.holds.iter().map(move |hold| (hold.name.as_str(), lease)))
            .filter(|(name, _)| name.starts_with(prefix.unwrap_or_default()))
            .collect();
        held.sort_by_key(|(name, lease)| (*name, lease.token));
        let locks: Vec<Value> =
            held.into_iter().map(|(name, lease)| self.show_listed(lease, name, asked.user)).collect();
        json!({ "locks": locks, "total": locks.len(), "prefix": prefix, "next_cursor": null })
    }

    fn of_leases(&mut self, path: &[&str], asked: &Asked<'_>) -> Answered {
        let own = |law: &Self, id: &str| law.own_lease(asked.user, &id.to_lowercase(), None);
        match (asked.method, path) {
            ("POST", []) => self.acquired(asked.body.wants()?, asked, Shown::Whole),
            ("GET", [id]) => ok(self.show_whole(&own(self, id)?, false)),
            ("POST", [id, "renew"]) => {
                let (lease, request) = self.renew(&own(self, id)?, asked.body.ttl()?);
                ok(merged(self.show_whole(&lease, false), self.show_request(request)))
            }
            ("DELETE", [id]) => {
                let lease = own(self, id)?;
                self.release(&lease);
                ok(json!({ "status": "released", "message": "Lease released" }))
            }
            _ => nothing_at(asked),
        }
    }

    fn of_sessions(&mut self, path: &[&str], asked: &Asked<'_>) -> Answered {
        match (asked.method, path) {
            ("POST", []) => {
                let ttl = asked.body.session_ttl()?;
                let (id, user) = (new_id(), asked.user.to_owned());
                let session = Session { id, user, ttl, deadline: self.now + ttl, is_over: false };
                let interval = json!({ "keepalive_interval_secs": ttl.as_secs() / 2 });
                let shown = merged(self.show_session(&session), interval);
                self.sessions.insert(session.id.clone(), session);
                Ok(Reply::Now(201, shown))
            }
            ("POST", [id, "keepalive"]) => {
                let mut session = self.own_session(id, asked.user)?;
                session.deadline = self.now + session.ttl;
                self.sessions.insert(session.id.clone(), session.clone());
                ok(self.show_session(&session))
            }
            ("GET", [id]) => {
                let session = self.own_session(id, asked.user)?;
                let count = self.leases_of(&session).count();
                let more = json!({ "user_id": session.user, "lock_count": count, "active": true });
                ok(merged(self.show_session(&session), more))
            }
            ("DELETE", [id]) => {
                let session = self.own_session(id, asked.user)?;
                self.end_session(&session);
                Ok(Reply::Now(204, Value::Null))
            }
            _ => nothing_at(asked),
        }
    }

    fn of_fence(&mut self, name: &str, path: &[&str], asked: &Asked<'_>) -> Answered {
        check_name(name)?;
        let highest = self.fences.get(name).copied().unwrap_or(0);
        match (asked.method, path) {
            ("GET", []) => ok(json!({ "name": name, "highest": highest })),
            ("POST", ["check"]) => {
                self.check_token(asked.body.fencing_token()?, highest)?;
                ok(json!({ "name": name, "highest": highest }))
            }
            ("POST", ["advance"]) => {
                let token = asked.body.fencing_token()?;
                self.check_token(token, highest)?;
                self.fences.insert(name.to_owned(), token);
                ok(json!({ "name": name, "highest": token }))
            }
            _ => nothing_at(asked),
        }
    }

    fn check_token(&self, token: u64, highest: u64) -> Result<(), Refusal> {
        if token > self.last_token {
            let last = self.last_token;
            return Err(invalid(&format!(
                "fencing_token must be one that was issued. The last one is {last}."
            )));
        }
        if token < highest {
            let refusal =
                Refusal::new(409, "stale_fencing_token", "The fence has seen a higher fencing token.");
            return Err(refusal.with(json!({ "highest": highest })));
        }
        Ok(())
    }
}

fn nothing_at(asked: &Asked<'_>) -> Answered {
    let path = asked.path.join("/");
    if LEFT_OUT.iter().any(|one| asked.path.first() == Some(one)) || asked.path.get(2) == Some(&"watch") {
        return Err(not_in_double(&format!("{} /{path}", asked.method)));
    }
    Err(Refusal::new(404, "route_not_found", "There is nothing at this address."))
}

/// Refuses what a double leaves out. Clients do not retry it.
fn not_in_double(what: &str) -> Refusal {
    let text = format!("The test double does not answer \"{what}\". Test this against a real server.");
    Refusal::new(501, "not_in_double", &text)
}

/// How long a test waits for what must happen.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
