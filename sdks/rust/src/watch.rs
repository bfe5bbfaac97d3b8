use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{Stream, unfold};
use reqwest::Method;
use serde::de::DeserializeOwned;

use crate::checks;
use crate::client::Client;
use crate::error::Result;
use crate::follower::Follower;
use crate::lock_types::LockInfo;
use crate::transport::Request;
use crate::watch_types::{PrefixState, WatchUpdate};

/// The updates of one watch, as a stream. After a disconnect, it resumes without a gap or a repeat.
///
/// It ends after an error that retrying cannot fix, such as [`Error::Authentication`](crate::Error::Authentication).
/// Dropping it closes its connection.
#[must_use = "a watch asks for nothing before it is polled"]
pub struct Watch<S> {
    updates: Pin<Box<dyn Stream<Item = Result<WatchUpdate<S>>> + Send>>,
}

impl<S: DeserializeOwned + Send + 'static> Watch<S> {
    fn new(client: Client, request: Request) -> Self {
        let follower = Follower::new(client, request);
        Self { updates: Box::pin(unfold(follower, Follower::step)) }
    }
}

impl<S> Watch<S> {
    /// The next update. None after the end. You can drop this future without missing anything.
    pub async fn next(&mut self) -> Option<Result<WatchUpdate<S>>> {
        poll_fn(|context| self.updates.as_mut().poll_next(context)).await
    }
}

impl<S> Stream for Watch<S> {
    type Item = Result<WatchUpdate<S>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.updates.as_mut().poll_next(context)
    }
}

impl<S> fmt::Debug for Watch<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Watch").finish_non_exhaustive()
    }
}

impl Client {
    /// The state of a lock, then everything that happens to it.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`](crate::Error::Validation) if the name is not valid. The stream reports any other error.
    pub fn watch(&self, name: &str) -> Result<Watch<LockInfo>> {
        checks::name(name)?;
        let request = self.request(Method::GET, &["locks", name, "watch"]);
        Ok(Watch::new(self.clone(), request))
    }

    /// The held locks whose names begin with `prefix`, then everything that happens to locks with that prefix.
    pub fn watch_prefix(&self, prefix: &str) -> Watch<PrefixState> {
        let request = self.request(Method::GET, &["watch"]).query("prefix", Some(prefix));
        Watch::new(self.clone(), request)
    }
}
