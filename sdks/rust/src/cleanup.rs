use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::calls::Limits;
use crate::client::Client;
use crate::clock::Moment;
use crate::error::{Error, Result};
use crate::flag::Flag;
use crate::grip::Grip;
use crate::remote::Remote;
use crate::rules::RULES;

/// When dropped, ends something on the server in the background, if it may exist.
pub(crate) struct Cleanup {
    client: Client,
    remote: Remote,
    /// The runtime that it was created in. It may be dropped outside of any runtime.
    runtime: Handle,
    pub may_be_there: Flag,
    giving_up: Mutex<GivingUp>,
}

/// How to end something in the background.
#[derive(Debug, Clone, Copy)]
pub(crate) enum GivingUp {
    /// With the usual retries.
    Thoroughly,
    /// By one short attempt.
    Briefly,
    /// With retries until it ends on its own.
    Until(Moment),
}

impl GivingUp {
    fn limits(self) -> Limits {
        match self {
            Self::Thoroughly => Limits::NONE,
            Self::Briefly => Limits::brief(),
            Self::Until(end) => Limits::until(end),
        }
    }
}

impl Cleanup {
    /// For something that does not exist yet.
    pub fn new(client: Client, remote: Remote, giving_up: GivingUp) -> Self {
        let runtime = Handle::current();
        Self { client, remote, runtime, may_be_there: Flag::new(false), giving_up: Mutex::new(giving_up) }
    }

    /// How to end it if this is dropped.
    pub fn give_up(&self, how: GivingUp) {
        *self.giving_up.lock().unwrap_or_else(PoisonError::into_inner) = how;
    }

    /// The handle that holds the lease knows this about it.
    pub fn held(&mut self, known: &Arc<Grip>, with_proof: bool) {
        if let Remote::Lease { grip, proof, .. } = &mut self.remote {
            *grip = Some(Arc::clone(known));
            *proof = with_proof;
        }
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    pub fn remote(&self) -> &Remote {
        &self.remote
    }

    /// Ends it now, by an end at the latest. If this is dropped before that is done, it starts again in the background.
    pub async fn run(&self, end: Moment) -> Result<()> {
        self.give_up(GivingUp::Until(end));
        self.remote.end(&self.client, Limits::until(end)).await
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        if !self.may_be_there.is_set() {
            return;
        }
        let (client, remote) = (self.client.clone(), self.remote.clone());
        let how = *self.giving_up.lock().unwrap_or_else(PoisonError::into_inner);
        self.runtime.spawn(async move {
            let end = || remote.end(&client, how.limits());
            // If it cannot be ended, it expires on its own.
            let mut result = end().await;
            if !remote.is_unheld_lease() {
                return;
            }
            for delay_ms in [RULES.release_again_delay_ms_first, RULES.release_again_delay_ms_second] {
                // The release may have overtaken the acquire, whose connection is different.
                if !matches!(result, Err(Error::NotFound { .. })) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(delay_ms)).await;
                result = end().await;
            }
        });
    }
}
