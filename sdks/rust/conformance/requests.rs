use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use octostore::{
    AcquireOptions, AfterRelease, Client, DeliveriesOptions, ElectOptions, Error, HoldOptions, ListOptions,
    Lock, LockMode, NewWebhook, RULES, ReleaseRequest, SessionOptions, WantedLock, verify_webhook_at,
};
use serde_json::{Value, json};
use tokio::sync::{Mutex, oneshot};

use crate::protocol::{Failure, Given, GivenLock, GivenToken, GivenTokens, error_facts};
use crate::things::{AnyWatch, OpenWatch, RunningElection, Things};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Token = Pin<Box<dyn Future<Output = Result<String, BoxError>> + Send>>;

/// Serves requests.
pub struct Driver {
    things: Things,
    tell: fn(&Value),
}

impl Driver {
    pub fn new(tell: fn(&Value)) -> Self {
        Self { things: Things::default(), tell }
    }

    pub async fn answer(&self, given: &Given) -> Result<Value, Failure> {
        if given.what == "client" {
            return Ok(json!(self.things.clients.put(&given.new, client(given)?)));
        }
        if let Some(answer) = self.answer_without_client(given).await? {
            return Ok(answer);
        }
        // Clones of a client share its token, also a rotated one.
        let mut client = self.things.clients.get(&given.client);
        let (name, lease_id) = (&given.name, given.lease_id.as_deref().unwrap_or_default());
        let (session_id, hook) = (given.session_id.as_deref().unwrap_or_default(), &given.webhook_id);
        Ok(match given.what.as_str() {
            "health" => json!(client.health().await?),
            "status_counters" => json!(client.status_counters().await?),
            "rotate_token" => json!(client.rotate_token().await.map(drop)?),

            "acquire" => json!(client.acquire_lock_with(name, acquire_options(given)).await?),
            "renew" => json!(client.renew_lock(name, lease_id, ttl(given).unwrap_or_default()).await?),
            "release" => json!(client.release_lock(name, lease_id).await?),
            "acquire_all" => json!(client.acquire_all(locks(given), acquire_options(given)).await?),
            "break" => json!(client.break_lock(name, &given.reason, given.fencing_token).await?),
            "request_release" => json!(client.request_release(name, given.message.as_deref()).await?),
            "queue" => json!(client.queue(name).await?),
            "leave_queue" => json!(client.leave_queue(name, lease_id).await?),
            "advance_fence" => json!(client.advance_fence(name, fencing_token(given)).await?),
            "check_fence" => json!(client.check_fence(name, fencing_token(given)).await?),
            "fence" => json!(client.fence(name).await?),
            "lock_status" => json!(client.get_lock_status(name).await?),
            "list_locks" => json!(client.list_locks_with(list_options(given)).await?),

            "hold" => self.put(given, client.hold(name, self.hold_options(given)).await?),
            "hold_all" => self.put(given, client.hold_all(locks(given), self.hold_options(given)).await?),
            "with_lock" => json!(self.with_lock(&client, given).await?),
            "elect" => json!(self.things.elections.put(&given.new, self.elect(&client, given))),
            "watch" => json!(self.things.watches.put(&given.new, watch(&client, given)?)),

            "open_session" => self.open_session(&client, given).await?,
            "create_session" => {
                let ttl = ttl(given).unwrap_or(RULES.session_ttl_seconds_default);
                json!(client.create_session(ttl).await?)
            }
            "keepalive" => json!(client.keepalive(session_id).await?),
            "session_status" => json!(client.session_status(session_id).await?),
            "end_session" => json!(client.end_session(session_id).await?),

            "create_webhook" => json!(client.create_webhook(&new_webhook(given)).await?),
            "list_webhooks" => json!(client.list_webhooks().await?),
            "delete_webhook" => json!(client.delete_webhook(hook).await?),
            "deliveries" => json!(client.deliveries(hook, DeliveriesOptions::new()).await?),
            "redeliver" => json!(client.redeliver(hook, &given.delivery_id).await?),
            other => panic!("there is no request called {other}"),
        })
    }

    /// None for a request that is one to a client.
    async fn answer_without_client(&self, given: &Given) -> Result<Option<Value>, Failure> {
        Ok(Some(match given.what.as_str() {
            "rules" => json!(RULES),
            "verify_webhook" => json!(verify(given)?),
            "describe" => json!(self.describe(given)),
            "end_block" => json!(self.end_block(given)),
            "handle" => self.handle(given),
            "convert" => self.convert(given).await?,
            "await_lost" => self.await_lost(given).await,
            "close" => json!(self.close(given).await?),
            "next" => self.things.watches.get(named(given.watch.as_ref())).next(timeout(given)).await?,
            _ => return Ok(None),
        }))
    }

    fn hold_options(&self, given: &Given) -> HoldOptions {
        let mut options = HoldOptions::new();
        options = with(options, ttl(given), HoldOptions::ttl_seconds);
        options = with(options, wait(given), HoldOptions::wait);
        options = with(options, given.wait_slice_seconds, HoldOptions::wait_slice_seconds);
        options = with(options, given.metadata.as_ref(), HoldOptions::metadata);
        let session = given.session.as_ref().map(|name| self.things.sessions.get(name));
        options = with(options, session.as_deref(), HoldOptions::session);
        options = with(options, shared(given.mode.as_ref()), |options, ()| options.shared());
        options = with(options, given.limit, HoldOptions::limit);
        options = with(options, given.permits, HoldOptions::permits);
        options = with(options, given.proof.filter(|wanted| *wanted), |options, _| options.proof());
        options = with(options, given.lock_delay_seconds, HoldOptions::lock_delay_seconds);
        with(options, given.min_hold_seconds, HoldOptions::min_hold_seconds)
    }

    /// Names a handle, and reports the requests to release its locks.
    fn put(&self, given: &Given, lock: Lock) -> Value {
        let (mut requests, of, tell) = (lock.release_requests(), given.new.clone(), self.tell);
        tokio::spawn(async move {
            while let Some(ReleaseRequest { by, message, .. }) = requests.next().await {
                tell(&json!({ "event": "release_requested", "of": of, "by": by, "message": message }));
            }
        });
        let answer = facts(&lock);
        self.things.handles.put(&given.new, Arc::new(lock));
        answer
    }

    async fn convert(&self, given: &Given) -> Result<Value, Failure> {
        let lock = self.things.handles.get(named(given.handle.as_ref()));
        let name = if given.name.is_empty() { lock.name() } else { &given.name };
        let mode = shared(given.mode.as_ref()).map_or(LockMode::Exclusive, |()| LockMode::Shared);
        lock.convert_lock(name, mode).await?;
        Ok(facts(&lock))
    }

    fn handle(&self, given: &Given) -> Value {
        let lock = self.things.handles.get(named(given.handle.as_ref()));
        let mut answer = facts(&lock);
        answer["name"] = json!(lock.name());
        answer["remaining_ms"] = json!(lock.remaining().as_millis());
        answer["is_lost"] = json!(lock.is_lost());
        answer["proof"] = json!(lock.proof());
        answer["release_requested"] = json!(lock.release_requested());
        answer
    }

    async fn await_lost(&self, given: &Given) -> Value {
        let (is_lost, said) = if let Some(session) = &given.session {
            let session = self.things.sessions.get(session);
            let _ = tokio::time::timeout(timeout(given), session.lost()).await;
            (session.is_lost(), None)
        } else {
            let lock = self.things.handles.get(named(given.handle.as_ref()));
            let _ = tokio::time::timeout(timeout(given), lock.lost()).await;
            (lock.is_lost(), lock.loss_message())
        };
        let error = said.map(|message| error_facts(&Failure::Call(Error::NotFound { message })));
        json!({ "is_lost": is_lost, "error": error })
    }

    async fn close(&self, given: &Given) -> Result<(), Failure> {
        if let Some(lock) = given.handle.as_ref().and_then(|name| self.things.handles.take(name)) {
            Arc::into_inner(lock).expect("nobody else uses it").close().await;
        }
        if let Some(session) = given.session.as_ref().and_then(|name| self.things.sessions.take(name)) {
            Arc::into_inner(session).expect("nobody else uses it").close().await;
        }
        if let Some(watch) = given.watch.as_ref().and_then(|name| self.things.watches.take(name)) {
            watch.close().await;
        }
        if let Some(election) = given.election.as_ref().and_then(|name| self.things.elections.take(name)) {
            election.stop().await?;
        }
        Ok(())
    }

    fn elect(&self, client: &Client, given: &Given) -> RunningElection {
        let (of, tell, fails) = (given.new.clone(), self.tell, given.fails.clone());
        let options = with(ElectOptions::new(), ttl(given), ElectOptions::ttl_seconds);
        let options = with(options, given.wait_slice_seconds, ElectOptions::wait_slice_seconds);
        let election = client.elect(&given.name, options, move |leadership| {
            let (of, fails) = (of.clone(), fails.clone());
            async move {
                tell(&json!({ "event": "leading", "of": of, "fencing_token": leadership.fencing_token() }));
                if let Some(message) = fails {
                    return Err(Failure::Program(message));
                }
                leadership.over().await;
                tell(&json!({ "event": "stopped", "of": of }));
                Ok(())
            }
        });
        RunningElection::watch(election, &given.new, tell)
    }

    async fn with_lock(&self, client: &Client, given: &Given) -> Result<(), Failure> {
        let (end, ended) = oneshot::channel();
        self.things.blocks.put(&given.new, end);
        let mut options = HoldOptions::new();
        options = with(options, ttl(given), HoldOptions::ttl_seconds);
        options = with(options, wait(given), HoldOptions::wait);
        client
            .try_with_lock(&given.name, options, |_lock| async {
                (self.tell)(&json!({ "event": "inside", "of": given.new }));
                match ended.await {
                    Ok(Some(message)) => Err(Failure::Program(message)),
                    _ => Ok(()),
                }
            })
            .await
    }

    fn end_block(&self, given: &Given) {
        let block = self.things.blocks.take(named(given.block.as_ref())).expect("the block is there");
        block.send(given.fails.clone()).expect("the block runs");
    }

    fn describe(&self, given: &Given) -> String {
        if let Some(handle) = &given.handle {
            return format!("{:?}", self.things.handles.get(handle));
        }
        if let Some(session) = &given.session {
            return format!("{:?}", self.things.sessions.get(session));
        }
        if let Some(election) = &given.election {
            return self.things.elections.get(election).description().to_owned();
        }
        format!("{:?}", self.things.clients.get(&given.client))
    }

    async fn open_session(&self, client: &Client, given: &Given) -> Result<Value, Failure> {
        let options = with(SessionOptions::new(), ttl(given), SessionOptions::ttl_seconds);
        let session = client.open_session(options).await?;
        let answer = json!({ "session_id": session.id() });
        self.things.sessions.put(&given.new, Arc::new(session));
        Ok(answer)
    }
}

fn client(given: &Given) -> octostore::Result<Client> {
    let mut client = match &given.base_url {
        Some(base_urls) => Client::for_servers(&base_urls.all(), token(given).as_deref())?,
        None => Client::from_env()?,
    };
    if let Some(tokens) = &given.token_function {
        client = client.with_token_source(source(tokens));
    }
    if let Some(timeout) = given.timeout_ms {
        client = client.with_timeout(Duration::from_millis(timeout))?;
    }
    if let Some(seconds) = given.wait_slice_seconds {
        client = client.with_wait_slice_seconds(seconds)?;
    }
    if given.release_on_exit {
        client = client.with_release_on_exit(AfterRelease::EndProcess);
    }
    Ok(client)
}

/// A function that gives one token after the other.
fn source(given: &GivenTokens) -> impl Fn() -> Token + use<> {
    let tokens = Arc::new(Mutex::new(given.clone()));
    move || {
        let tokens = Arc::clone(&tokens);
        Box::pin(async move {
            let mut tokens = tokens.lock().await;
            tokio::time::sleep(Duration::from_millis(tokens.delay_ms)).await;
            match (tokens.tokens.as_slice(), &tokens.fails) {
                ([last], None) => Ok(last.clone()),
                ([], fails) => Err(BoxError::from(fails.clone().unwrap_or_default())),
                _ => Ok(tokens.tokens.remove(0)),
            }
        })
    }
}

fn token(given: &Given) -> Option<String> {
    match &given.token {
        GivenToken::OfEnvironment => std::env::var("OCTOSTORE_TOKEN").ok(),
        GivenToken::Given(token) => token.clone(),
    }
}

fn acquire_options(given: &Given) -> AcquireOptions {
    let mut options = AcquireOptions::new();
    options = with(options, ttl(given), AcquireOptions::ttl_seconds);
    options = with(options, wait(given), AcquireOptions::wait);
    options = with(options, given.wait_slice_seconds, AcquireOptions::wait_slice_seconds);
    options = with(options, given.lease_id.as_ref(), AcquireOptions::lease_id);
    options = with(options, given.metadata.as_ref(), AcquireOptions::metadata);
    options = with(options, shared(given.mode.as_ref()), |options, ()| options.shared());
    options = with(options, given.limit, AcquireOptions::limit);
    options = with(options, given.permits, AcquireOptions::permits);
    options = with(options, given.proof.filter(|wanted| *wanted), |options, _| options.proof());
    options = with(options, given.lock_delay_seconds, AcquireOptions::lock_delay_seconds);
    options = with(options, given.min_hold_seconds, AcquireOptions::min_hold_seconds);
    with(options, given.session_id.as_ref(), AcquireOptions::session_id)
}

fn locks(given: &Given) -> Vec<WantedLock> {
    given.locks.iter().map(wanted).collect()
}

fn wanted(given: &GivenLock) -> WantedLock {
    let mut lock = WantedLock::new(&given.name);
    lock = with(lock, shared(given.mode.as_ref()), |lock, ()| lock.shared());
    lock = with(lock, given.limit, WantedLock::limit);
    with(lock, given.permits, WantedLock::permits)
}

fn shared(mode: Option<&String>) -> Option<()> {
    mode.filter(|mode| *mode == "shared").map(drop)
}

fn fencing_token(given: &Given) -> u64 {
    given.fencing_token.unwrap_or_default()
}

fn facts(lock: &Lock) -> Value {
    json!({ "lease_id": lock.lease_id(), "fencing_token": lock.fencing_token(), "locks": lock.locks() })
}

fn list_options(given: &Given) -> ListOptions {
    let options = with(ListOptions::new(), given.prefix.as_ref(), ListOptions::prefix);
    with(options, given.owner.as_ref(), |options, _| options.own())
}

fn watch(client: &Client, given: &Given) -> octostore::Result<Arc<OpenWatch>> {
    let watch = match &given.prefix {
        Some(prefix) => AnyWatch::Prefix(client.watch_prefix(prefix)),
        None => AnyWatch::Lock(client.watch(&given.name)?),
    };
    Ok(Arc::new(OpenWatch::new(watch)))
}

fn new_webhook(given: &Given) -> NewWebhook {
    let mut webhook = NewWebhook::new(&given.url);
    webhook = with(webhook, given.secret.as_ref(), NewWebhook::secret);
    webhook = with(webhook, given.events.as_ref(), NewWebhook::events);
    with(webhook, given.lock_pattern.as_ref(), NewWebhook::lock_pattern)
}

fn verify(given: &Given) -> Result<(), Failure> {
    let now = UNIX_EPOCH + Duration::from_secs(given.now_seconds);
    let secret = given.secret.as_deref().unwrap_or_default();
    Ok(verify_webhook_at(secret, &given.headers, given.body.as_bytes(), now)?)
}

fn named(name: Option<&String>) -> &str {
    name.map_or("", String::as_str)
}

/// Sets an option if it is given.
fn with<O, T>(options: O, given: Option<T>, set: impl FnOnce(O, T) -> O) -> O {
    match given {
        Some(value) => set(options, value),
        None => options,
    }
}

/// The SDK's type has no numbers below 0: the nearest one stands for them.
fn ttl(given: &Given) -> Option<u32> {
    given.ttl_seconds.map(|seconds| u32::try_from(seconds).unwrap_or_default())
}

fn wait(given: &Given) -> Option<Duration> {
    given.wait_seconds.map(Duration::from_secs)
}

fn timeout(given: &Given) -> Duration {
    Duration::from_millis(given.timeout_ms.unwrap_or_default())
}
