use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
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

/// The open locks and sessions of all clients that release them on exit.
static OPEN: Mutex<Open> = Mutex::new(Open { things: Vec::new(), is_listening: false, ends_process: false });

struct Open {
    things: Vec<Weak<Kept>>,
    is_listening: bool,
    /// Whether a client has said so. Once someone listens to a signal, the system no longer ends the process.
    ends_process: bool,
}

impl Open {
    /// Leaves out what has ended.
    fn present(&mut self) -> Vec<Arc<Kept>> {
        self.things.retain(|thing| thing.upgrade().is_some_and(|thing| thing.is_open()));
        self.things.iter().filter_map(Weak::upgrade).collect()
    }
}

fn open() -> MutexGuard<'static, Open> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Closes something when the process gets a signal.
pub(crate) fn close_on_exit(thing: &Arc<Kept>, then: AfterRelease) {
    let mut open = open();
    let present = open.present();
    open.things.push(Arc::downgrade(thing));
    open.ends_process |= then == AfterRelease::EndProcess;
    if !open.is_listening {
        match Signals::new() {
            Ok(signals) => {
                open.is_listening = true;
                tokio::spawn(listen(signals, Listening));
            }
            Err(error) => log::error!("octostore: nothing is released at exit: {error}"),
        }
    }
    drop(open);
    // It may have been the last owner of something, which is only dropped without the lock.
    drop(present);
}

/// Dropped when the runtime ends. The next client then listens in its own.
struct Listening;

impl Drop for Listening {
    fn drop(&mut self) {
        open().is_listening = false;
    }
}

async fn listen(mut signals: Signals, _listening: Listening) {
    loop {
        let code = signals.next().await;
        let (present, ends_process) = {
            let mut open = open();
            (open.present(), open.ends_process)
        };
        close_all(present).await;
        if ends_process {
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
