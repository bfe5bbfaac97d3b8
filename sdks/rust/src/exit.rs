use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures_util::future::join_all;

use crate::kept::Kept;
use crate::rules::RULES;

/// What a client with [`Client::with_release_on_exit`](crate::Client::with_release_on_exit) does after it has closed its locks and
/// sessions because of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterRelease {
    /// The process ends with the exit code that shells use for the signal: 130 for SIGINT and 143 for SIGTERM.
    EndProcess,
    /// The process goes on, because the program handles the signals itself and then ends.
    GoOn,
}

/// The open locks and sessions of all clients with `release_on_exit`.
static OPEN: Mutex<Open> = Mutex::new(Open { things: Vec::new(), is_listening: false });

struct Open {
    things: Vec<(Weak<Kept>, AfterRelease)>,
    is_listening: bool,
}

impl Open {
    /// Leaves out what has ended.
    fn present(&mut self) -> Vec<(Arc<Kept>, AfterRelease)> {
        self.things.retain(|(thing, _)| thing.upgrade().is_some_and(|thing| thing.is_open()));
        self.things.iter().filter_map(|(thing, then)| Some((thing.upgrade()?, *then))).collect()
    }
}

/// Closes something when the process gets a signal.
pub(crate) fn close_on_exit(thing: &Arc<Kept>, then: AfterRelease) {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    open.present();
    open.things.push((Arc::downgrade(thing), then));
    if !open.is_listening {
        open.is_listening = true;
        tokio::spawn(listen(Listening));
    }
}

/// Dropped when the runtime ends. The next client then listens in its own.
struct Listening;

impl Drop for Listening {
    fn drop(&mut self) {
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).is_listening = false;
    }
}

async fn listen(_listening: Listening) {
    let Ok(mut signals) = Signals::new() else {
        log::error!("octostore: signals cannot be handled, so nothing is released at exit");
        return;
    };
    loop {
        let code = signals.next().await;
        let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner).present();
        let ends = open.iter().any(|(_, then)| *then == AfterRelease::EndProcess) || open.is_empty();
        close_all(open.into_iter().map(|(thing, _)| thing).collect()).await;
        if ends {
            std::process::exit(code);
        }
    }
}

/// Closes all at once, within a second in all.
async fn close_all(things: Vec<Arc<Kept>>) {
    let max = Duration::from_millis(RULES.close_ms_max_when_lost);
    let closing = join_all(things.iter().map(|thing| thing.end()));
    let _ = tokio::time::timeout(max, closing).await;
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Returns the exit code for the next signal.
    async fn next(&mut self) -> i32 {
        tokio::select! {
            _ = self.interrupt.recv() => 130,
            _ = self.terminate.recv() => 143,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> i32 {
        let _ = tokio::signal::ctrl_c().await;
        130
    }
}
