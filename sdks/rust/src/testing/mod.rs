//! An OctoStore in memory, for the unit tests of programs. It needs the feature `testing`.

mod body;
#[cfg(test)]
mod cases;
mod conflict;
mod law;
mod present;
mod routes;
mod state;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tokio::sync::{Notify, oneshot};

use crate::client::Client;
use crate::error::Result;
use crate::hurry::Hurrying;
use body::{Body, new_id};
use law::{Acquired, Law};
use present::merged;
use routes::{Asked, PATIENCE, Reply, Shown};
use state::{Outcome, Refusal};

const BASE_URL: &str = "http://octostore.test";
const ADMIN_TOKEN: &str = "double-admin";

/// An OctoStore in memory. Its clients are real, and it decides as a server does. Its clock moves only when you move it.
///
/// Cheap to clone: clones are the same OctoStore. Everything is gone with the last of them and of its clients.
#[derive(Clone)]
pub struct InMemoryOctoStore(Arc<Inner>);

struct Inner {
    law: Mutex<Law>,
    /// By their tokens.
    logins: Mutex<HashMap<String, String>>,
    handles: Mutex<Vec<Hurrying>>,
    changed: Notify,
}

/// A request as a double gets it.
pub(crate) struct DoubleRequest<'a> {
    pub method: &'a str,
    pub path: Vec<&'a str>,
    pub query: &'a [(String, String)],
    pub token: &'a str,
    pub body: Option<&'a [u8]>,
}

impl InMemoryOctoStore {
    /// Creates one that knows of nothing.
    #[must_use]
    pub fn new() -> Self {
        let (law, logins, handles) = (Mutex::new(Law::new()), Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { law, logins, handles, changed: Notify::new() }))
    }

    /// Creates a client of the user with this login.
    ///
    /// # Panics
    ///
    /// If the machine cannot make HTTP clients.
    #[must_use]
    pub fn client(&self, login: &str) -> Client {
        let mut logins = locked(&self.0.logins);
        let token = format!("double-user-{}", logins.len());
        logins.insert(token.clone(), login.to_owned());
        drop(logins);
        self.client_with_token(&token).expect("the token and the base URL are valid")
    }

    /// Creates a client of an administrator, who may break locks.
    ///
    /// # Panics
    ///
    /// If the machine cannot make HTTP clients.
    #[must_use]
    pub fn admin_client(&self) -> Client {
        self.client_with_token(ADMIN_TOKEN).expect("the token and the base URL are valid")
    }

    /// Creates a client with any token. Only tokens of its own clients are valid.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`](crate::Error::Validation) if the token cannot be sent.
    pub fn client_with_token(&self, token: &str) -> Result<Client> {
        Ok(Client::new(BASE_URL, token)?.with_double(self.clone()))
    }

    /// The time on its clock.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        let law = self.law();
        law.wall_clock(law.now)
    }

    /// Moves its clock. Everything that is due meanwhile happens at its time: leases and sessions expire, and waiters are answered.
    /// Then each open lock and session of a client renews, or learns that it is lost. Resolves when all of this has happened.
    pub async fn advance(&self, by: Duration) {
        self.law().advance(by);
        self.0.changed.notify_waiters();
        let asked: Vec<oneshot::Receiver<()>> = {
            let mut handles = locked(&self.0.handles);
            handles.retain(|handle| !handle.is_closed());
            handles.iter().filter_map(Hurrying::renew_now).collect()
        };
        for attempted in asked {
            // Each ends with the attempt, or with the handle.
            let _ = attempted.await;
        }
    }

    /// Resolves once so many requests are waiting in line for a lock.
    ///
    /// # Panics
    ///
    /// If they have not come within ten seconds.
    pub async fn waiting(&self, lock: &str, count: usize) {
        let waiting = async {
            loop {
                let changed = self.0.changed.notified();
                if self.law().waiters(lock) >= count {
                    return;
                }
                changed.await;
            }
        };
        let has_come = tokio::time::timeout(PATIENCE, waiting).await.is_ok();
        assert!(has_come, "no {count} requests wait for the lock {lock}");
    }

    pub(crate) fn note(&self, handle: Hurrying) {
        locked(&self.0.handles).push(handle);
    }

    /// Returns the status and the body of the response.
    pub(crate) async fn answer(&self, request: DoubleRequest<'_>) -> (u16, Vec<u8>) {
        if request.path == ["health"] {
            return (200, b"OK".to_vec());
        }
        let (status, body) = match self.reply(&request).await {
            Ok(reply) => reply,
            Err(Refusal { status, code, text, more }) => {
                (status, merged(json!({ "error": text, "code": code, "request_id": new_id() }), more))
            }
        };
        (status, if body.is_null() { Vec::new() } else { body.to_string().into_bytes() })
    }

    async fn reply(&self, request: &DoubleRequest<'_>) -> Result<(u16, Value), Refusal> {
        let DoubleRequest { method, ref path, query, token, body } = *request;
        let is_admin = token == ADMIN_TOKEN;
        let login = if is_admin { Some("administrator".to_owned()) } else { self.login(token) };
        let unknown = || Refusal::new(401, "unauthorized", "The token or key is missing or not valid.");
        let (user, body) = (login.ok_or_else(unknown)?, Body::parse(body));
        let asked = Asked { method, path, user: &user, is_admin, body: &body, query };
        let reply = self.law().answer(&asked);
        self.0.changed.notify_waiters();
        match reply? {
            Reply::Now(status, body) => Ok((status, body)),
            Reply::Lease(acquired, shown) => {
                let (lease, is_new) = self.awaited(acquired).await?;
                let law = self.law();
                Ok((
                    200,
                    match shown {
                        Shown::Lock(name) => law.show_lease(&lease, &name, is_new),
                        Shown::Whole => law.show_whole(&lease, is_new),
                    },
                ))
            }
        }
    }

    /// Waits for the answer to an acquire. If this is dropped before, the place in line is kept for a while.
    async fn awaited(&self, acquired: Acquired) -> Outcome {
        match acquired {
            Acquired::Now(outcome) => outcome,
            Acquired::Later { ticket, answer } => {
                let _waiting = Waiting { octostore: self, ticket };
                let gone = Refusal::new(500, "internal_error", "The double has lost a waiter.");
                answer.await.unwrap_or(Err(gone))
            }
        }
    }

    fn login(&self, token: &str) -> Option<String> {
        locked(&self.0.logins).get(token).cloned()
    }

    fn law(&self) -> MutexGuard<'_, Law> {
        locked(&self.0.law)
    }
}

impl Default for InMemoryOctoStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for InMemoryOctoStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("InMemoryOctoStore").finish_non_exhaustive()
    }
}

struct Waiting<'a> {
    octostore: &'a InMemoryOctoStore,
    ticket: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.octostore.law().abandon(self.ticket);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
