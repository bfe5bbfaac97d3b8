use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Response, StatusCode, Url};
use serde::Serialize;

use crate::answer::Answer;
use crate::clock::Moment;
use crate::error::{Error, NetworkError, Result};
use crate::hurry::{Hurry, hurry};
use crate::servers::{Server, Servers};
#[cfg(feature = "testing")]
use crate::testing::{DoubleRequest, InMemoryOctoStore};

/// What one attempt sends.
#[derive(Clone)]
pub(crate) struct Request {
    method: Method,
    /// Relative to the base URL.
    path: Vec<String>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    /// Timeout of one attempt, up to the end of the response.
    timeout: Duration,
    is_public: bool,
}

impl Request {
    /// Encodes each whole segment of the path, including slashes, so that a lock named `a/watch` is not mistaken for a watch of `a`.
    pub fn new(method: Method, path: &[&str], timeout: Duration) -> Self {
        Self {
            method,
            path: path.iter().map(ToString::to_string).collect(),
            query: Vec::new(),
            headers: HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]),
            body: None,
            timeout,
            is_public: false,
        }
    }

    /// One that needs no token.
    pub fn public(mut self) -> Self {
        self.is_public = true;
        self
    }

    pub fn is_public(&self) -> bool {
        self.is_public
    }

    pub fn json(mut self, body: &impl Serialize) -> Self {
        let json = HeaderValue::from_static("application/json");
        self.body = Some(serde_json::to_vec(body).expect("plain data can be written as JSON"));
        self.header(CONTENT_TYPE, json)
    }

    pub fn query(mut self, name: &str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            self.query.push((name.to_owned(), value.to_string()));
        }
        self
    }

    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// With a token, if there is one.
    pub fn authorized(self, authorization: Option<HeaderValue>) -> Self {
        match authorization {
            Some(authorization) => self.header(AUTHORIZATION, authorization),
            None => self,
        }
    }

    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// With a timeout that is no longer than this.
    pub fn within(self, max: Duration) -> Self {
        let timeout = self.timeout.min(max);
        self.timeout(timeout)
    }

    #[cfg(feature = "testing")]
    async fn answered_by(&self, double: &InMemoryOctoStore, sent_at: Moment) -> Answer {
        let authorization = self.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = authorization.and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default();
        let request = DoubleRequest {
            method: self.method.as_str(),
            path: self.path.iter().map(String::as_str).collect(),
            query: &self.query,
            token,
            body: self.body.as_deref(),
        };
        let (status, body) = double.answer(request).await;
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Answer { status, headers: HeaderMap::new(), body, sent_at }
    }

    fn url(&self, base_url: &Url) -> Url {
        let mut url = base_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(&self.path);
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        url
    }
}

/// Sends single requests to the servers of one service.
pub(crate) struct Transport {
    http: reqwest::Client,
    pub servers: Arc<Servers>,
    /// Answers instead of the servers.
    #[cfg(feature = "testing")]
    double: Option<InMemoryOctoStore>,
}

impl Transport {
    pub fn new(base_urls: Vec<Url>) -> Result<Self> {
        let http = http_client(&base_urls)?;
        Ok(Self::with(http, Arc::new(Servers::new(base_urls))))
    }

    /// The same servers, with another HTTP client.
    pub fn with_http(&self, http: reqwest::Client) -> Self {
        Self::with(http, Arc::clone(&self.servers))
    }

    fn with(http: reqwest::Client, servers: Arc<Servers>) -> Self {
        Self {
            http,
            servers,
            #[cfg(feature = "testing")]
            double: None,
        }
    }

    #[cfg(feature = "testing")]
    pub fn with_double(&self, double: InMemoryOctoStore) -> Self {
        Self { double: Some(double), ..self.with_http(self.http.clone()) }
    }

    /// Tells a handle when it is to renew at once, which only a test double asks for.
    #[cfg_attr(not(feature = "testing"), allow(clippy::unused_self))]
    pub fn hurry(&self) -> Hurry {
        let (hurrying, hurry) = hurry();
        #[cfg(feature = "testing")]
        if let Some(double) = &self.double {
            double.note(hurrying);
        }
        #[cfg(not(feature = "testing"))]
        drop(hurrying);
        hurry
    }

    /// Sends one request.
    pub async fn exchange(&self, request: Request, server: Server) -> Result<Answer> {
        self.in_time(request.timeout, server, async {
            let sent_at = Moment::now();
            #[cfg(feature = "testing")]
            if let Some(double) = &self.double {
                return Ok(request.answered_by(double, sent_at).await);
            }
            let response = self.send(request, server).await?;
            self.whole(response, sent_at, server).await
        })
        .await
    }

    /// Opens a stream. The timeout covers the time until the response headers. Any status but 200 is an error.
    pub async fn open(&self, request: Request, server: Server) -> Result<Response> {
        self.in_time(request.timeout, server, async {
            let sent_at = Moment::now();
            #[cfg(feature = "testing")]
            if let Some(double) = &self.double {
                return Err(request.answered_by(double, sent_at).await.into_error());
            }
            let response = self.send(request, server).await?;
            match response.status() {
                StatusCode::OK => Ok(response),
                _ => Err(self.whole(response, sent_at, server).await?.into_error()),
            }
        })
        .await
    }

    async fn send(&self, request: Request, server: Server) -> Result<Response> {
        let url = request.url(self.servers.url(server));
        let Request { method, headers, body, .. } = request;
        let sending = self.http.request(method, url).headers(headers);
        let sending = match body {
            Some(body) => sending.body(body),
            None => sending,
        };
        sending.send().await.map_err(|error| self.network_error(server, error))
    }

    async fn whole(&self, response: Response, sent_at: Moment, server: Server) -> Result<Answer> {
        Ok(Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.bytes().await.map_err(|error| self.network_error(server, error))?.to_vec(),
            sent_at,
        })
    }

    pub fn network_error(&self, server: Server, error: reqwest::Error) -> Error {
        NetworkError::of(self.servers.name(server), error)
    }

    /// Cancels a future that takes longer.
    async fn in_time<T>(
        &self,
        timeout: Duration,
        server: Server,
        exchange: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        tokio::time::timeout(timeout, exchange).await.unwrap_or_else(|_| Err(self.timed_out(timeout, server)))
    }

    pub fn timed_out(&self, after: Duration, server: Server) -> Error {
        Error::Timeout { after, server: self.servers.name(server).to_owned() }
    }
}

fn http_client(base_urls: &[Url]) -> Result<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("octostore-rust/", env!("CARGO_PKG_VERSION")))
        // The token is for these servers only, not for one that they redirect to.
        .redirect(reqwest::redirect::Policy::none());
    // Plain http needs no certificates. They take time to load, and a small machine may have none.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    let builder =
        if base_urls.iter().all(|url| url.scheme() == "http") { builder.tls_certs_only([]) } else { builder };
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    let _ = base_urls;
    builder.build().map_err(|error| NetworkError::of("the server", error))
}
