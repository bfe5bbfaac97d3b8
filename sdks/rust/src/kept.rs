use std::sync::Arc;
use std::time::Duration;

use crate::calls::{Limits, Sending};
use crate::cleanup::{Cleanup, GivingUp};
use crate::client::Client;
use crate::clock::{Moment, sleep_until};
use crate::error::{Error, Result};
use crate::exit::close_on_exit;
use crate::flag::Flag;
use crate::handle_event::HandleEventKind;
use crate::hurry::Hurry;
use crate::keeping::{Keeping, Loss};
use crate::message::Message;
use crate::remote::{Remote, renewal_timeout};
use crate::route::{Patience, Route};
use crate::rules::RULES;

/// Something on the server that is renewed in the background until this is ended or dropped.
pub(crate) struct Kept {
    keeping: Arc<Keeping>,
    cleanup: Cleanup,
    is_closed: Flag,
}

impl Kept {
    /// Starts to renew the thing that `cleanup` ends, which must exist.
    pub fn new(
        cleanup: Cleanup,
        ttl_seconds: u32,
        proved_at: Moment,
        within: Option<Arc<Keeping>>,
    ) -> Arc<Self> {
        cleanup.may_be_there.set(true);
        let ttl = Duration::from_secs(ttl_seconds.into());
        let keeping = Arc::new(Keeping::new(ttl, proved_at, within));
        let client = cleanup.client().clone();
        let on_exit = client.on_exit;
        let hurry = client.transport.hurry();
        let renewals = Renewals { client, remote: cleanup.remote().clone(), ttl_seconds, hurry };
        renewals.observe(HandleEventKind::Acquired, None);
        tokio::spawn(keep(Arc::clone(&keeping), renewals));
        let kept = Arc::new(Self { keeping, cleanup, is_closed: Flag::new(false) });
        if let Some(then) = on_exit {
            close_on_exit(&kept, then);
        }
        kept
    }

    pub fn client(&self) -> &Client {
        self.cleanup.client()
    }

    fn observe(&self, kind: HandleEventKind, why: Option<String>) {
        self.client().observe(|| self.cleanup.remote().event(kind, why));
    }

    pub fn keeping(&self) -> &Arc<Keeping> {
        &self.keeping
    }

    /// Whether there is anything left to end.
    pub fn is_open(&self) -> bool {
        !self.is_closed.is_set() && self.keeping.loss().is_none()
    }

    /// Ends it, in no more time than what is left of it. It is not an error if it has already ended.
    pub async fn end(&self) -> Result<()> {
        let end = Moment::now().after(self.keeping.remaining());
        let was_open = self.is_open();
        self.keeping.give_up();
        let ended = if self.is_closed.is_set() || self.keeping.is_gone() {
            Ok(())
        } else if self.keeping.loss().is_some() {
            self.end_briefly();
            Ok(())
        } else {
            self.cleanup.run(end).await
        };
        self.is_closed.set(true);
        self.cleanup.may_be_there.set(false);
        let ended = match ended {
            Err(Error::NotFound { .. }) => Ok(()),
            other => other,
        };
        if ended.is_ok() {
            self.keeping.has_gone();
        }
        if was_open {
            self.observe(HandleEventKind::Released, ended.as_ref().err().map(ToString::to_string));
        }
        ended
    }

    fn end_briefly(&self) {
        let (client, remote) = (self.cleanup.client().clone(), self.cleanup.remote().clone());
        tokio::spawn(async move {
            // It ends on its own anyway.
            let _ = remote.end(&client, Limits::brief()).await;
        });
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let end = Moment::now().after(self.keeping.remaining());
        self.keeping.give_up();
        let is_lost = self.keeping.loss().is_some();
        if !is_lost && !self.is_closed.is_set() {
            self.observe(HandleEventKind::Released, None);
        }
        self.cleanup.give_up(if is_lost { GivingUp::Briefly } else { GivingUp::Until(end) });
        if self.keeping.is_gone() {
            self.cleanup.may_be_there.set(false);
        }
    }
}

/// Renews something until it is lost or closed, and signals the loss.
async fn keep(keeping: Arc<Keeping>, renewals: Renewals) {
    let loss = tokio::select! {
        biased;
        () = keeping.over() => return,
        () = keeping.outer_over() => Loss::SessionOver,
        // After a suspension, the loss may be due together with a renewal, and comes first.
        () = deadline(&keeping) => Loss::NotRenewed,
        said = renewals.run(&keeping) => {
            keeping.has_ended(said);
            Loss::Ended
        }
    };
    keeping.lose(loss);
    renewals.observe(HandleEventKind::Lost, Some(loss.to_string()));
}

/// Resolves when it counts as lost, however often that moment is moved back.
async fn deadline(keeping: &Keeping) {
    while !keeping.loss_at().has_come() {
        sleep_until(keeping.loss_at()).await;
    }
}

struct Renewals {
    client: Client,
    remote: Remote,
    ttl_seconds: u32,
    hurry: Hurry,
}

impl Renewals {
    /// Resolves when it no longer exists on the server, with what the server says about that.
    async fn run(&self, keeping: &Keeping) -> Message {
        let period = keeping.ttl() / RULES.renewals_per_ttl;
        loop {
            tokio::select! {
                () = sleep_until(keeping.proved_at().after(period)) => {}
                () = self.hurry.asked() => {}
            }
            let mut route = Route::new(Arc::clone(&self.client.transport.servers), Patience::Endless);
            while let Err(error) = self.renew(keeping, &route).await {
                if let Error::NotFound { message } = error {
                    return message;
                }
                self.observe(HandleEventKind::RenewalFailed, Some(error.to_string()));
                self.hurry.attempted();
                let pause = route.next(&error, Duration::ZERO).unwrap_or(period);
                tokio::time::sleep(pause.min(period)).await;
            }
            self.hurry.attempted();
        }
    }

    /// One attempt. It is short, so that an attempt that hangs does not cost the lock.
    async fn renew(&self, keeping: &Keeping, route: &Route) -> Result<()> {
        let within = renewal_timeout(&self.client, self.ttl_seconds);
        let sending = Sending { server: route.server(), within };
        let sent_at = self.remote.renew(&self.client, self.ttl_seconds, sending).await?;
        keeping.prove(sent_at);
        self.observe(HandleEventKind::Renewed, None);
        Ok(())
    }

    fn observe(&self, kind: HandleEventKind, why: Option<String>) {
        self.client.observe(|| self.remote.event(kind, why));
    }
}
