use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use octostore::{
    AcquireOptions, Client, DeliveriesOptions, ElectOptions, HoldOptions, ListOptions, NewWebhook, RULES,
    SessionOptions, verify_webhook_at,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::protocol::{Failure, Given};
use crate::things::{AnyWatch, OpenWatch, Things};

type Answer = Result<Value, Failure>;

/// Serves requests.
pub struct Driver {
    things: Things,
    tell: fn(&Value),
}

impl Driver {
    pub fn new(tell: fn(&Value)) -> Self {
        Self {
            things: Things::default(),
            tell,
        }
    }

    pub async fn answer(&self, given: Given) -> Answer {
        match given.what.as_str() {
            "client" => self.client(given),
            "health" => value(self.of(&given).health().await?),
            "status_counters" => value(self.of(&given).status_counters().await?),
            "rotate_token" => nothing(self.of(&given).rotate_token().await?),
            "describe" => value(format!("{:?}", self.of(&given))),
            "rules" => value(RULES),
            "verify_webhook" => verify(&given),
            "acquire" | "renew" | "release" | "lock_status" | "list_locks" => self.locks(given).await,
            "hold" | "handle" | "await_lost" => self.handles(given).await,
            "close" => self.close(given).await,
            "elect" => self.elect(given),
            "open_session" | "create_session" | "keepalive" | "session_status" | "end_session" => {
                self.sessions(given).await
            }
            "watch" => self.watch(given),
            "next" => {
                let watch = self
                    .things
                    .watches
                    .get(given.watch.as_deref().unwrap_or_default());
                Ok(watch.next(timeout(&given)).await?)
            }
            _ => self.webhooks(given).await,
        }
    }

    /// Clones of a client share its token, also a rotated one.
    fn of(&self, given: &Given) -> Client {
        self.things.clients.get(&given.client)
    }

    fn client(&self, given: Given) -> Answer {
        let client = match (given.base_url, given.token) {
            (Some(base_url), Some(token)) => Client::new(&base_url, &token)?,
            (Some(base_url), None) => Client::new_without_auth(&base_url)?,
            (None, _) => Client::from_env()?,
        };
        let client = match given.timeout_ms {
            Some(timeout) => client.with_timeout(Duration::from_millis(timeout))?,
            None => client,
        };
        nothing(self.things.clients.put(given.new, client))
    }

    async fn locks(&self, given: Given) -> Answer {
        let client = self.of(&given);
        let (name, ttl) = (&given.name, given.ttl().unwrap_or(RULES.ttl_seconds_default));
        let lease_id = given.lease_id.as_deref();
        match given.what.as_str() {
            "acquire" => {
                let mut options = AcquireOptions::new().ttl_seconds(ttl).wait(wait(&given));
                if let Some(lease_id) = lease_id {
                    options = options.lease_id(lease_id);
                }
                if let Some(metadata) = &given.metadata {
                    options = options.metadata(metadata);
                }
                if let Some(session_id) = &given.session_id {
                    options = options.session_id(session_id);
                }
                value(client.acquire_lock_with(name, options).await?)
            }
            "renew" => value(client.renew_lock(name, lease_id.unwrap_or_default(), ttl).await?),
            "release" => nothing(client.release_lock(name, lease_id.unwrap_or_default()).await?),
            "lock_status" => value(client.get_lock_status(name).await?),
            _ => {
                let mut options = ListOptions::new();
                if let Some(prefix) = &given.prefix {
                    options = options.prefix(prefix);
                }
                if given.owner.is_some() {
                    options = options.own();
                }
                value(client.list_locks_with(options).await?)
            }
        }
    }

    async fn handles(&self, given: Given) -> Answer {
        let handle = given.handle.as_deref().unwrap_or_default();
        match given.what.as_str() {
            "hold" => self.hold(given).await,
            "handle" => {
                let lock = self.things.handles.get(handle);
                value(json!({
                    "lease_id": lock.lease_id(),
                    "fencing_token": lock.fencing_token(),
                    "name": lock.name(),
                    "remaining_ms": u64::try_from(lock.remaining().as_millis()).unwrap_or(u64::MAX),
                    "is_lost": lock.is_lost(),
                }))
            }
            _ => {
                let is_lost = if let Some(session) = &given.session {
                    let session = self.things.sessions.get(session);
                    let _ = tokio::time::timeout(timeout(&given), session.lost()).await;
                    session.is_lost()
                } else {
                    let lock = self.things.handles.get(handle);
                    let _ = tokio::time::timeout(timeout(&given), lock.lost()).await;
                    lock.is_lost()
                };
                value(json!({ "is_lost": is_lost }))
            }
        }
    }

    async fn hold(&self, given: Given) -> Answer {
        let mut options = HoldOptions::new().wait(wait(&given));
        if let Some(ttl) = given.ttl() {
            options = options.ttl_seconds(ttl);
        }
        if let Some(metadata) = &given.metadata {
            options = options.metadata(metadata);
        }
        if let Some(session) = &given.session {
            options = options.session(&self.things.sessions.get(session));
        }
        let lock = self.of(&given).hold(&given.name, options).await?;
        let answer = json!({ "lease_id": lock.lease_id(), "fencing_token": lock.fencing_token() });
        self.things.handles.put(given.new, Arc::new(lock));
        Ok(answer)
    }

    async fn close(&self, given: Given) -> Answer {
        if let Some(lock) = given.handle.and_then(|name| self.things.handles.take(&name)) {
            Arc::into_inner(lock).expect("nobody else uses it").close().await;
        }
        if let Some(session) = given.session.and_then(|name| self.things.sessions.take(&name)) {
            Arc::into_inner(session)
                .expect("nobody else uses it")
                .close()
                .await;
        }
        if let Some(watch) = given.watch.and_then(|name| self.things.watches.take(&name)) {
            watch.close().await;
        }
        if let Some(election) = given.election.and_then(|name| self.things.elections.take(&name)) {
            election.stop().await?;
        }
        Ok(Value::Null)
    }

    fn elect(&self, given: Given) -> Answer {
        let mut options = ElectOptions::new();
        if let Some(ttl) = given.ttl() {
            options = options.ttl_seconds(ttl);
        }
        let (of, tell) = (given.new.clone(), self.tell);
        let election = self.of(&given).elect(&given.name, options, move |leadership| {
            let of = of.clone();
            async move {
                tell(&json!({ "event": "leading", "of": of, "fencing_token": leadership.fencing_token() }));
                leadership.over().await;
                tell(&json!({ "event": "stopped", "of": of }));
                Ok(())
            }
        });
        nothing(self.things.elections.put(given.new, election))
    }

    async fn sessions(&self, given: Given) -> Answer {
        let client = self.of(&given);
        let session_id = given.session_id.as_deref().unwrap_or_default();
        let ttl = given.ttl();
        match given.what.as_str() {
            "open_session" => {
                let mut options = SessionOptions::new();
                if let Some(ttl) = ttl {
                    options = options.ttl_seconds(ttl);
                }
                let session = client.open_session(options).await?;
                let answer = json!({ "session_id": session.id() });
                self.things.sessions.put(given.new, Arc::new(session));
                Ok(answer)
            }
            "create_session" => {
                let ttl = ttl.unwrap_or(RULES.session_ttl_seconds_default);
                value(client.create_session(ttl).await?)
            }
            "keepalive" => value(client.keepalive(session_id).await?),
            "session_status" => value(client.session_status(session_id).await?),
            _ => nothing(client.end_session(session_id).await?),
        }
    }

    fn watch(&self, given: Given) -> Answer {
        let client = self.of(&given);
        let watch = match &given.prefix {
            Some(prefix) => AnyWatch::Prefix(client.watch_prefix(prefix)),
            None => AnyWatch::Lock(client.watch(&given.name)?),
        };
        nothing(
            self.things
                .watches
                .put(given.new, Arc::new(OpenWatch::new(watch))),
        )
    }

    async fn webhooks(&self, given: Given) -> Answer {
        let client = self.of(&given);
        let id = &given.webhook_id;
        match given.what.as_str() {
            "create_webhook" => {
                let mut webhook = NewWebhook::new(given.url);
                if let Some(secret) = given.secret {
                    webhook = webhook.secret(secret);
                }
                if let Some(events) = given.events {
                    webhook = webhook.events(events);
                }
                if let Some(lock_pattern) = given.lock_pattern {
                    webhook = webhook.lock_pattern(lock_pattern);
                }
                value(client.create_webhook(&webhook).await?)
            }
            "list_webhooks" => value(client.list_webhooks().await?),
            "delete_webhook" => nothing(client.delete_webhook(id).await?),
            "deliveries" => value(client.deliveries(id, DeliveriesOptions::new()).await?),
            "redeliver" => value(client.redeliver(id, &given.delivery_id).await?),
            other => panic!("there is no request called {other}"),
        }
    }
}

fn verify(given: &Given) -> Answer {
    let headers: &HashMap<String, String> = &given.headers;
    let now = UNIX_EPOCH + Duration::from_secs(given.now_seconds);
    let secret = given.secret.as_deref().unwrap_or_default();
    nothing(verify_webhook_at(secret, headers, given.body.as_bytes(), now)?)
}

fn value(value: impl Serialize) -> Answer {
    Ok(json!(value))
}

fn nothing<T>(_: T) -> Answer {
    Ok(Value::Null)
}

fn wait(given: &Given) -> Duration {
    Duration::from_secs(given.wait_seconds.unwrap_or_default())
}

fn timeout(given: &Given) -> Duration {
    Duration::from_millis(given.timeout_ms.unwrap_or_default())
}
