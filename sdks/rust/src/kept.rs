use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cleanup::Cleanup;
use crate::client::Client;
use crate::delay::delay;
use crate::error::{Error, Result};
use crate::keeping::{Keeping, Loss};
use crate::remote::Remote;
use crate::rules::RULES;
use crate::transport::in_time;

/// Something on the server that is renewed in the background until this is ended or dropped.
pub(crate) struct Kept {
    keeping: Arc<Keeping>,
    cleanup: Cleanup,
}

impl Kept {
    /// Starts to renew the thing that `cleanup` ends, which must exist.
    pub fn new(cleanup: Cleanup, ttl_seconds: u32, proved_at: Instant, within: Option<Arc<Keeping>>) -> Self {
        cleanup.may_be_there.set(true);
        let ttl = Duration::from_secs(ttl_seconds.into());
        let keeping = Arc::new(Keeping::new(ttl, proved_at, within));
        let renewals =
            Renewals { client: cleanup.client().clone(), remote: cleanup.remote().clone(), ttl_seconds };
        tokio::spawn(keep(Arc::clone(&keeping), renewals));
        Self { keeping, cleanup }
    }

    pub fn keeping(&self) -> &Arc<Keeping> {
        &self.keeping
    }

    /// Ends it. It is not an error if it has already ended.
    pub async fn end(&self) -> Result<()> {
        self.keeping.give_up();
        let ended = match self.keeping.loss() {
            Some(Loss::Ended) => Ok(()),
            _ => self.cleanup.run().await,
        };
        self.cleanup.may_be_there.set(false);
        match ended {
            Err(Error::NotFound { .. }) => Ok(()),
            other => other,
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.keeping.give_up();
        if self.keeping.loss() == Some(Loss::Ended) {
            self.cleanup.may_be_there.set(false);
        }
    }
}

/// Renews something until it is lost or closed, and signals the loss.
async fn keep(keeping: Arc<Keeping>, renewals: Renewals) {
    let loss = tokio::select! {
        () = keeping.over() => return,
        () = keeping.outer_over() => Loss::SessionOver,
        () = deadline(&keeping) => Loss::NotRenewed,
        () = renewals.run(&keeping) => Loss::Ended,
    };
    keeping.lose(loss);
}

/// Resolves when it counts as lost, however often that moment is moved back.
async fn deadline(keeping: &Keeping) {
    while Instant::now() < keeping.loss_at() {
        tokio::time::sleep_until(keeping.loss_at().into()).await;
    }
}

struct Renewals {
    client: Client,
    remote: Remote,
    ttl_seconds: u32,
}

impl Renewals {
    /// Resolves when it no longer exists on the server.
    async fn run(&self, keeping: &Keeping) {
        let period = keeping.ttl() / RULES.renewals_per_ttl;
        loop {
            tokio::time::sleep_until((keeping.proved_at() + period).into()).await;
            let mut failures = 0;
            while let Err(error) = self.renew(keeping, period).await {
                if matches!(error, Error::NotFound { .. }) {
                    return;
                }
                failures += 1;
                tokio::time::sleep(delay(failures, error.retry_after()).min(period)).await;
            }
        }
    }

    /// One attempt. It takes at most one period, so that an attempt that hangs does not cost the lock.
    async fn renew(&self, keeping: &Keeping, period: Duration) -> Result<()> {
        let sent_at = in_time(period, self.remote.renew(&self.client, self.ttl_seconds)).await?;
        keeping.prove(sent_at);
        Ok(())
    }
}
