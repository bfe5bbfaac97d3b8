use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::error::Result;
use crate::lease::{Lease, LeaseLock, ReleaseRequest};

/// What a handle knows about its lease.
#[derive(Debug)]
pub(crate) struct Grip {
    state: Mutex<State>,
    /// The last request to release a lock that was shown, whether or not it still is.
    known: watch::Sender<Option<ReleaseRequest>>,
}

#[derive(Debug)]
struct State {
    fencing_token: u64,
    locks: Vec<LeaseLock>,
    proof: Option<String>,
    release_requested: Option<ReleaseRequest>,
    /// Grows when a conversion begins and when it ends. What a renewal says is out of date if it has grown meanwhile.
    conversions: u32,
}

impl Grip {
    pub fn new(lease: Lease) -> Self {
        let state = State {
            fencing_token: lease.fencing_token,
            locks: lease.locks,
            proof: lease.proof,
            release_requested: lease.release_requested.clone(),
            conversions: 0,
        };
        Self { state: Mutex::new(state), known: watch::Sender::new(lease.release_requested) }
    }

    pub fn fencing_token(&self) -> u64 {
        self.state().fencing_token
    }

    pub fn locks(&self) -> Vec<LeaseLock> {
        self.state().locks.clone()
    }

    pub fn names(&self) -> Vec<String> {
        self.locks().into_iter().map(|lock| lock.name).collect()
    }

    pub fn proof(&self) -> Option<String> {
        self.state().proof.clone()
    }

    pub fn release_requested(&self) -> Option<ReleaseRequest> {
        self.state().release_requested.clone()
    }

    pub fn release_requests(&self) -> watch::Receiver<Option<ReleaseRequest>> {
        let mut known = self.known.subscribe();
        // Also one that was shown before.
        known.mark_changed();
        known
    }

    /// Makes a renewal, and learns from it.
    pub async fn renew<T>(
        &self,
        renewal: impl Future<Output = Result<T>>,
        lease: fn(&T) -> &Lease,
    ) -> Result<T> {
        let conversions = self.state().conversions;
        let renewed = renewal.await?;
        self.learn(conversions, lease(&renewed));
        Ok(renewed)
    }

    fn learn(&self, conversions: u32, renewed: &Lease) {
        let mut state = self.state();
        state.proof.clone_from(&renewed.proof);
        state.release_requested.clone_from(&renewed.release_requested);
        if conversions == state.conversions {
            state.adopt(renewed);
        }
        drop(state);
        // The server shows a request at every renewal.
        if let Some(request) = &renewed.release_requested {
            self.known.send_if_modified(|known| {
                let is_new = known.as_ref() != Some(request);
                if is_new {
                    *known = Some(request.clone());
                }
                is_new
            });
        }
    }

    /// Makes a conversion, and learns from it.
    pub async fn convert(&self, conversion: impl Future<Output = Result<Lease>>) -> Result<()> {
        let _conversion = Conversion::new(self);
        let converted = conversion.await?;
        self.state().adopt(&converted);
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The server may name the lock that was converted alone.
    fn adopt(&mut self, lease: &Lease) {
        self.fencing_token = lease.fencing_token;
        for lock in &mut self.locks {
            if let Some(other) = lease.locks.iter().find(|other| other.name == lock.name) {
                lock.clone_from(other);
            }
        }
    }
}

/// A conversion that is under way. It can be dropped before it ends.
struct Conversion<'a>(&'a Grip);

impl<'a> Conversion<'a> {
    fn new(grip: &'a Grip) -> Self {
        grip.state().conversions += 1;
        Self(grip)
    }
}

impl Drop for Conversion<'_> {
    fn drop(&mut self) {
        self.0.state().conversions += 1;
    }
}
