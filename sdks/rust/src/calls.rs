use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::answer::{Read, nothing};
use crate::client::Client;
use crate::clock::Moment;
use crate::error::{Error, Result};
use crate::flag::Flag;
use crate::route::{Patience, Route};
use crate::rules::RULES;
use crate::servers::Server;
use crate::transport::Request;

/// The result of an attempt, and when it was sent.
pub(crate) struct Sent<T> {
    pub value: T,
    pub at: Moment,
}

/// Whether it is harmful if the server does something twice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Twice {
    Harmless,
    Harmful,
}

/// Limits of all attempts of a call together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// When all attempts and pauses must have ended.
    deadline: Moment,
    /// How many times it is sent, at most.
    attempts_max: u32,
}

impl Limits {
    pub const NONE: Self = Self { deadline: Moment::NEVER, attempts_max: u32::MAX };

    pub fn until(deadline: Moment) -> Self {
        Self { deadline, ..Self::NONE }
    }

    /// One short attempt, for something that ends on its own anyway.
    pub fn brief() -> Self {
        let max = Duration::from_millis(RULES.close_ms_max_when_lost);
        Self { deadline: Moment::now().after(max), attempts_max: 1 }
    }
}

/// How to make a call.
pub(crate) struct Plan {
    pub twice: Twice,
    pub limits: Limits,
    /// Until when it goes on after failures, however many there are. An acquire that waits has this.
    pub patient_until: Option<Moment>,
}

impl Plan {
    pub const fn new(twice: Twice) -> Self {
        Self { twice, limits: Limits::NONE, patient_until: None }
    }
}

/// Where to send an attempt, and how long it may take.
#[derive(Clone, Copy)]
pub(crate) struct Sending {
    pub server: Server,
    pub within: Duration,
}

impl Client {
    /// One attempt. It is sent again only if the token was replaced, see [`Bearer::send`](crate::bearer::Bearer::send).
    pub(crate) async fn attempt<T>(
        &self,
        request: impl Fn() -> Request,
        read: Read<T>,
        Sending { server, within }: Sending,
    ) -> Result<Sent<T>> {
        let public = request().is_public();
        let exchange =
            |authorization| self.exchange(request().authorized(authorization).within(within), read, server);
        self.bearer.send(public, exchange).await
    }

    /// Sends one request with the token that it already has.
    pub(crate) async fn exchange<T>(
        &self,
        request: Request,
        read: Read<T>,
        server: Server,
    ) -> Result<Sent<T>> {
        let result = match self.transport.exchange(request, server).await {
            Ok(answer) => {
                let at = answer.sent_at;
                answer.result(read).map(|value| Sent { value, at })
            }
            Err(error) => Err(error),
        };
        self.note(server, result.as_ref().err());
        result
    }

    /// Stays with a server that works, and leaves one that does not.
    pub(crate) fn note(&self, server: Server, error: Option<&Error>) {
        match error {
            None => self.transport.servers.keep(server),
            Some(error) if is_fault_of_server(error) => self.transport.servers.leave(server),
            Some(_) => {}
        }
    }

    /// Makes as many attempts as it needs and as are safe.
    pub(crate) async fn call<T>(&self, request: Request, read: Read<T>, twice: Twice) -> Result<Sent<T>> {
        let is_unknown = Flag::new(false);
        let attempt = |sending| self.attempt(|| request.clone(), read, sending);
        self.repeated(&Plan::new(twice), &is_unknown, attempt).await
    }

    /// Removes something. If it is gone after an attempt with an unknown outcome, that attempt did it.
    pub(crate) async fn remove<T>(&self, request: Request, read: Read<T>, limits: Limits) -> Result<()> {
        let is_unknown = Flag::new(false);
        let attempt = |sending| self.attempt(|| request.clone(), read, sending);
        let plan = Plan { limits, ..Plan::new(Twice::Harmless) };
        match self.repeated(&plan, &is_unknown, attempt).await {
            Err(Error::NotFound { message }) if is_unknown.is_set() && message.broken().is_none() => Ok(()),
            other => other.map(drop),
        }
    }

    pub(crate) async fn delete(&self, path: &[&str]) -> Result<()> {
        self.remove(self.request(reqwest::Method::DELETE, path), nothing, Limits::NONE).await
    }

    /// Makes attempts until one succeeds or no other is allowed. At any time, even when this is dropped, `is_unknown` says whether
    /// an attempt may have taken effect without our knowing.
    pub(crate) async fn repeated<T, F>(
        &self,
        plan: &Plan,
        is_unknown: &Flag,
        attempt: impl Fn(Sending) -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut route = Route::new(Arc::clone(&self.transport.servers), Patience::Until(plan.patient_until));
        let mut attempts = 0;
        loop {
            let was_unknown = is_unknown.is_set();
            let sent_at = Moment::now();
            is_unknown.set(true);
            let sending = Sending { server: route.server(), within: plan.limits.deadline.since(sent_at) };
            let result = attempt(sending).await;
            is_unknown.set(result.as_ref().is_err_and(|error| was_unknown || leaves_unknown(error)));
            let error = match result {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            attempts += 1;
            if !may_repeat(&error, plan.twice) || attempts >= plan.limits.attempts_max {
                return Err(error);
            }
            match route.next(&error, sent_at.elapsed()) {
                Some(pause) if pause < plan.limits.deadline.left() => tokio::time::sleep(pause).await,
                _ => return Err(error),
            }
        }
    }
}

/// Whether to retry a call that failed with this error.
pub(crate) fn may_repeat(error: &Error, twice: Twice) -> bool {
    is_transient(error) && (twice == Twice::Harmless || was_without_effect(error))
}

/// Whether retrying cannot help, with the same request or another one.
pub(crate) fn is_final(error: &Error) -> bool {
    match error {
        // After a break, another request gets another lease.
        Error::NotFound { message } => message.broken().is_none(),
        Error::Authentication { .. } | Error::Validation { .. } | Error::Permission { .. } => true,
        Error::Limit { message } => message.status() != Some(429),
        _ => false,
    }
}

/// Whether another server may well answer the same request properly.
pub(crate) fn is_fault_of_server(error: &Error) -> bool {
    matches!(
        error,
        Error::Network { .. } | Error::Timeout { .. } | Error::Unavailable { .. } | Error::Server { .. }
    )
}

/// Whether the same request may well succeed a moment later.
fn is_transient(error: &Error) -> bool {
    match error {
        Error::Network { .. } | Error::Timeout { .. } | Error::Unavailable { .. } => true,
        Error::Limit { message } => message.status() == Some(429),
        // A successful response that could not be read.
        Error::Server { message } => message.status().is_some_and(|status| status < 300),
        _ => false,
    }
}

fn leaves_unknown(error: &Error) -> bool {
    match error {
        Error::Network { .. } | Error::Unavailable { .. } => !was_without_effect(error),
        Error::Timeout { .. } | Error::Server { .. } => true,
        _ => false,
    }
}

/// Whether it is certain that the server has not begun with the request.
fn was_without_effect(error: &Error) -> bool {
    match error {
        Error::Network { source } => !source.was_sent(),
        Error::Unavailable { message } => matches!(message.code(), Some("no_leader" | "shutting_down")),
        _ => false,
    }
}
