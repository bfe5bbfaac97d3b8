use std::env::{self, VarError};
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::{Method, Url};
use serde::de::DeserializeOwned;

use crate::answer::json;
use crate::bearer::Bearer;
use crate::calls::{Plan, Sending, Twice};
use crate::checks;
use crate::error::{Error, Result};
use crate::exit::AfterRelease;
use crate::flag::Flag;
use crate::handle_event::HandleEvent;
use crate::rules::RULES;
use crate::status::{StatusCounters, TokenInfo};
use crate::transport::{Request, Transport};

/// A user's access to an OctoStore server.
///
/// Cheap to clone: clones share their connections and their token, even after a rotation. All calls need a Tokio
/// runtime. The client retries calls where that is safe. You can drop a call at any time. If you drop an acquire before
/// its response arrives, the client releases the lock in the background, so that it does not stay held with no one
/// using it.
#[derive(Clone)]
pub struct Client {
    pub(crate) transport: Arc<Transport>,
    pub(crate) bearer: Arc<Bearer>,
    /// Timeout of one attempt.
    pub(crate) timeout: Duration,
    pub(crate) wait_slice_seconds: u32,
    /// What to do on a signal. None leaves everything open.
    pub(crate) on_exit: Option<AfterRelease>,
    observer: Option<Observer>,
}

type Observer = Arc<dyn Fn(&HandleEvent) + Send + Sync>;

impl Client {
    /// Creates a client for the server at `base_url`, with a token. If the service runs on several servers, give the base URLs of
    /// all, separated by commas, or use [`Client::for_servers`].
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] if the base URL or the token is not valid; it quotes neither. [`Error::Network`] if the
    /// URL is https and the machine has no root certificates to check the server's certificate against.
    pub fn new(base_url: &str, token: &str) -> Result<Self> {
        Self::with(&[base_url], Some(token))
    }

    /// Creates a client without a token. It can make only the requests that need none.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] if the base URL is not valid.
    pub fn new_without_auth(base_url: &str) -> Result<Self> {
        Self::with(&[base_url], None)
    }

    /// Creates a client for a service that runs on several servers. It begins with the first one, and changes over to the next one
    /// when a server does not work. It sends its token to each of them.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] if one of the base URLs or the token is not valid, or if there is no base URL; it quotes none of them.
    pub fn for_servers(base_urls: &[&str], token: Option<&str>) -> Result<Self> {
        Self::with(base_urls, token)
    }

    /// Creates a client with the base URL, or several separated by commas, in `OCTOSTORE_BASE_URL`, by default `http://localhost:3000`, and the token in
    /// `OCTOSTORE_TOKEN`, if it is set.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] if the base URL or the token is not valid.
    pub fn from_env() -> Result<Self> {
        let base_url = variable("OCTOSTORE_BASE_URL")?;
        let token = variable("OCTOSTORE_TOKEN")?;
        Self::with(&[base_url.as_deref().unwrap_or(RULES.default_base_url)], token.as_deref())
    }

    fn with(base_urls: &[&str], token: Option<&str>) -> Result<Self> {
        let transport = Transport::new(checks::base_urls(base_urls)?)?;
        let authorization = token.map(checks::authorization).transpose()?;
        Ok(Self {
            transport: Arc::new(transport),
            bearer: Arc::new(Bearer::new(authorization)),
            timeout: Duration::from_millis(RULES.timeout_ms_default),
            wait_slice_seconds: u32::try_from(RULES.wait_slice_seconds_default).unwrap_or(u32::MAX),
            on_exit: None,
            observer: None,
        })
    }

    /// Sets the timeout of one HTTP attempt, ten seconds by default. An acquire that waits in line gets its wait on
    /// top.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] if it is zero.
    pub fn with_timeout(self, timeout: Duration) -> Result<Self> {
        checks::timeout(timeout)?;
        Ok(Self { timeout, ..self })
    }

    /// Sets how long one request waits in line at most, 1 to 60 seconds, 25 by default. A longer wait goes on with another request,
    /// which keeps the place in line.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] if it is not within these limits.
    pub fn with_wait_slice_seconds(self, wait_slice_seconds: u32) -> Result<Self> {
        checks::wait_slice(wait_slice_seconds)?;
        Ok(Self { wait_slice_seconds, ..self })
    }

    /// Closes the open locks and sessions of this client on SIGINT and SIGTERM, within a second in all. Off by default. Handlers of
    /// the program for these signals still run; a program that has some says [`AfterRelease::GoOn`].
    ///
    /// Tokio ends without this when `main` returns: wait for [`Lock::close`](crate::Lock::close) there.
    #[must_use]
    pub fn with_release_on_exit(self, then: AfterRelease) -> Self {
        Self { on_exit: Some(then), ..self }
    }

    /// Calls a function with everything that happens to the locks and sessions that this client and its later clones hold. It must
    /// return quickly.
    #[must_use]
    pub fn with_observer(self, observer: impl Fn(&HandleEvent) + Send + Sync + 'static) -> Self {
        Self { observer: Some(Arc::new(observer)), ..self }
    }

    /// Gets the token from a function, instead of having one. The function is asked before the first request, and again after the
    /// server has refused the token. If it fails, so does the call, with [`Error::Authentication`], whose
    /// [`Message::cause`](crate::Message::cause) is its error. [`Client::rotate_token`] fails with [`Error::Validation`].
    ///
    /// This client no longer shares its token with the clones that it already has.
    #[must_use]
    pub fn with_token_source<F, S>(self, source: S) -> Self
    where
        F: Future<Output = Result<String, Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
        S: Fn() -> F + Send + Sync + 'static,
    {
        Self { bearer: Arc::new(Bearer::asking(Box::new(move || Box::pin(source())))), ..self }
    }

    /// Makes the HTTP requests with this client of `reqwest`, such as one with a proxy or with certificates of your own. It should not
    /// follow redirects, because the token is for your servers alone.
    #[must_use]
    pub fn with_http_client(self, http: reqwest::Client) -> Self {
        Self { transport: Arc::new(self.transport.with_http(http)), ..self }
    }

    #[cfg(feature = "testing")]
    pub(crate) fn with_double(self, double: crate::testing::InMemoryOctoStore) -> Self {
        Self { transport: Arc::new(self.transport.with_double(double)), ..self }
    }

    pub(crate) fn observe(&self, event: impl FnOnce() -> HandleEvent) {
        if let Some(observer) = &self.observer {
            let event = event();
            // The program's function must not end a task of ours.
            if catch_unwind(AssertUnwindSafe(|| observer(&event))).is_err() {
                log::error!("octostore: the observer has panicked");
            }
        }
    }

    /// Returns `OK` if the server is healthy.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if it is not; [`Error::Network`] or [`Error::Timeout`] if it cannot be reached.
    pub async fn health(&self) -> Result<String> {
        let request = self.request(Method::GET, &["health"]).public();
        Ok(self.call(request, read_health, Twice::Harmless).await?.value)
    }

    /// Returns the server's counters.
    ///
    /// # Errors
    ///
    /// [`Error::Network`] or [`Error::Timeout`] if it cannot be reached.
    pub async fn status_counters(&self) -> Result<StatusCounters> {
        self.read(self.request(Method::GET, &["status"]).public()).await
    }

    /// Replaces the token and returns the new one, which is never shown again. The old one stops working immediately.
    /// This client, its clones, and everything that they have opened or have under way use the new one.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] if a function gives the token. [`Error::Authentication`] if the current token is not valid. Not retried:
    /// after [`Error::Network`] and [`Error::Timeout`] the token may have been rotated.
    pub async fn rotate_token(&mut self) -> Result<TokenInfo> {
        let request = self.request(Method::POST, &["auth", "token", "rotate"]);
        let rotate = async |authorization: Option<HeaderValue>| {
            let request = request.authorized(authorization);
            let exchange = |Sending { server, .. }| self.exchange(request.clone(), read_rotated, server);
            Ok(self.repeated(&Plan::new(Twice::Harmful), &Flag::new(false), exchange).await?.value)
        };
        self.bearer.rotate(rotate).await
    }

    pub(crate) fn request(&self, method: Method, path: &[&str]) -> Request {
        Request::new(method, path, self.timeout)
    }

    pub(crate) async fn read<T: DeserializeOwned>(&self, request: Request) -> Result<T> {
        Ok(self.call(request, json, Twice::Harmless).await?.value)
    }
}

/// Without the token.
impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let urls: Vec<&str> = self.transport.servers.urls().iter().map(Url::as_str).collect();
        formatter
            .debug_struct("Client")
            .field("base_url", &urls.join(", "))
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

fn variable(name: &str) -> Result<Option<String>> {
    match env::var(name) {
        // An empty variable counts as not set.
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::validation(format!("{name} is no text."))),
    }
}

fn read_rotated(body: &[u8]) -> Option<(HeaderValue, TokenInfo)> {
    let info: TokenInfo = json(body)?;
    let authorization = checks::authorization(&info.token).ok()?;
    Some((authorization, info))
}

fn read_health(body: &[u8]) -> Option<String> {
    (body.trim_ascii() == b"OK").then(|| "OK".to_owned())
}
