use std::future::Future;
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Response, StatusCode, Url};
use serde::Serialize;

use crate::answer::Answer;
use crate::checks;
use crate::error::{Error, NetworkError, Result};

/// What one attempt sends.
#[derive(Clone)]
pub(crate) struct Request {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    /// Timeout of one attempt, up to the end of the response.
    timeout: Duration,
}

impl Request {
    pub fn json(mut self, body: &impl Serialize) -> Self {
        let json = HeaderValue::from_static("application/json");
        self.body = Some(serde_json::to_vec(body).expect("plain data can be written as JSON"));
        self.header(CONTENT_TYPE, json)
    }

    pub fn query(mut self, name: &str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            self.url.query_pairs_mut().append_pair(name, &value.to_string());
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
}

/// Sends single requests to one server.
pub(crate) struct Transport {
    http: reqwest::Client,
    base_url: Url,
}

impl Transport {
    pub fn new(base_url: &str) -> Result<Self> {
        let base_url = checks::base_url(base_url)?;
        let http = http_client(&base_url)?;
        Ok(Self { http, base_url })
    }

    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// A request for a path relative to the base URL. Encodes each whole segment, including slashes, so that a lock
    /// named `a/watch` is not mistaken for a watch of `a`.
    pub fn request(&self, method: Method, path: &[&str], timeout: Duration) -> Request {
        let mut url = self.base_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        Request {
            method,
            url,
            headers: HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]),
            body: None,
            timeout,
        }
    }

    /// Sends one request.
    pub async fn exchange(&self, request: Request) -> Result<Answer> {
        in_time(request.timeout, async {
            let sent_at = Instant::now();
            let response = self.send(request).await?;
            whole(response, sent_at).await
        })
        .await
    }

    /// Opens a stream. The timeout covers the time until the response headers. Any status but 200 is an error.
    pub async fn open(&self, request: Request) -> Result<Response> {
        in_time(request.timeout, async {
            let sent_at = Instant::now();
            let response = self.send(request).await?;
            match response.status() {
                StatusCode::OK => Ok(response),
                _ => Err(whole(response, sent_at).await?.into_error()),
            }
        })
        .await
    }

    async fn send(&self, request: Request) -> Result<Response> {
        let Request { method, url, headers, body, .. } = request;
        let sending = self.http.request(method, url).headers(headers);
        let sending = match body {
            Some(body) => sending.body(body),
            None => sending,
        };
        sending.send().await.map_err(NetworkError::of)
    }
}

fn http_client(base_url: &Url) -> Result<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("octostore-rust/", env!("CARGO_PKG_VERSION")))
        // The token is for this server only, not for one that it redirects to.
        .redirect(reqwest::redirect::Policy::none());
    // Plain http needs no certificates. They take time to load, and a small machine may have none.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    let builder = match base_url.scheme() {
        "http" => builder.tls_certs_only([]),
        _ => builder,
    };
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    let _ = base_url;
    builder.build().map_err(NetworkError::of)
}

async fn whole(response: Response, sent_at: Instant) -> Result<Answer> {
    Ok(Answer {
        status: response.status(),
        headers: response.headers().clone(),
        body: response.bytes().await.map_err(NetworkError::of)?.to_vec(),
        sent_at,
    })
}

/// Cancels a future that takes longer.
pub(crate) async fn in_time<T>(timeout: Duration, exchange: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(timeout, exchange).await.unwrap_or(Err(Error::Timeout { after: timeout }))
}
