use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use octostore::{Client, Election, LockInfo, PrefixState, Result, Watch, WatchUpdate};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{Mutex, Notify, oneshot};
use tokio::task::JoinHandle;

use crate::protocol::{Failure, error_facts};

/// Things by their names.
pub struct Shelf<T>(std::sync::Mutex<HashMap<String, T>>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(std::sync::Mutex::default())
    }
}

impl<T> Shelf<T> {
    pub fn put(&self, name: &str, thing: T) {
        self.0.lock().unwrap().insert(name.to_owned(), thing);
    }

    /// None if it was taken before.
    pub fn take(&self, name: &str) -> Option<T> {
        self.0.lock().unwrap().remove(name)
    }
}

impl<T: Clone> Shelf<T> {
    pub fn get(&self, name: &str) -> T {
        let things = self.0.lock().unwrap();
        things.get(name).unwrap_or_else(|| panic!("there is nothing called {name}")).clone()
    }
}

/// All that lasts.
#[derive(Default)]
pub struct Things {
    pub clients: Shelf<Client>,
    pub handles: Shelf<Arc<octostore::Lock>>,
    pub sessions: Shelf<Arc<octostore::Session>>,
    pub watches: Shelf<Arc<OpenWatch>>,
    pub elections: Shelf<RunningElection>,
    /// What ends blocks, with an error or none.
    pub blocks: Shelf<oneshot::Sender<Option<String>>>,
}

type ElectionTask = JoinHandle<Result<(), Failure>>;

/// An election that tells when it has ended.
#[derive(Clone)]
pub struct RunningElection {
    description: Arc<str>,
    stop: Arc<Notify>,
    task: Arc<Mutex<Option<ElectionTask>>>,
}

impl RunningElection {
    pub fn watch(mut election: Election<Failure>, of: &str, tell: fn(&Value)) -> Self {
        let description = format!("{election:?}").into();
        let (of, stop) = (of.to_owned(), Arc::new(Notify::new()));
        let stopped = Arc::clone(&stop);
        let task = tokio::spawn(async move {
            let ended = tokio::select! {
                result = &mut election => Some(result),
                () = stopped.notified() => None,
            };
            let result = match ended {
                Some(result) => result,
                None => election.stop().await,
            };
            let error = result.as_ref().err().map(error_facts);
            tell(&json!({ "event": "ended", "of": of, "error": error }));
            result
        });
        Self { description, stop, task: Arc::new(Mutex::new(Some(task))) }
    }

    pub fn description(&self) -> &str {
        &self.description
    }

    pub async fn stop(&self) -> Result<(), Failure> {
        self.stop.notify_one();
        match self.task.lock().await.take() {
            Some(task) => task.await.expect("the election does not panic"),
            None => Ok(()),
        }
    }
}

/// A watch that can be closed while somebody waits for its next update.
pub struct OpenWatch {
    watch: Mutex<Option<AnyWatch>>,
    closed: Notify,
}

/// A watch of either kind.
pub enum AnyWatch {
    Lock(Watch<LockInfo>),
    Prefix(Watch<PrefixState>),
}

impl OpenWatch {
    pub fn new(watch: AnyWatch) -> Self {
        Self { watch: Mutex::new(Some(watch)), closed: Notify::new() }
    }

    /// Null if none comes in time.
    pub async fn next(&self, timeout: Duration) -> Result<Value> {
        let mut watch = self.watch.lock().await;
        let next = async {
            match &mut *watch {
                Some(AnyWatch::Lock(watch)) => next(watch).await,
                Some(AnyWatch::Prefix(watch)) => next(watch).await,
                None => Ok(end()),
            }
        };
        tokio::select! {
            next = tokio::time::timeout(timeout, next) => next.unwrap_or(Ok(Value::Null)),
            () = self.closed.notified() => Ok(end()),
        }
    }

    pub async fn close(&self) {
        self.closed.notify_waiters();
        self.watch.lock().await.take();
    }
}

fn end() -> Value {
    json!({ "type": "end" })
}

/// The next update as the protocol has it.
async fn next<S: Serialize>(watch: &mut Watch<S>) -> Result<Value> {
    let Some(update) = watch.next().await.transpose()? else {
        return Ok(end());
    };
    Ok(match update {
        WatchUpdate::State(state) => with_type("state".into(), json!(state)),
        WatchUpdate::Event(event) => with_type(json!(event.event), json!(event)),
        WatchUpdate::Reset { message } => json!({ "type": "reset", "message": message }),
        _ => panic!("an update that the protocol does not know"),
    })
}

fn with_type(kind: Value, mut data: Value) -> Value {
    data["type"] = kind;
    data
}
