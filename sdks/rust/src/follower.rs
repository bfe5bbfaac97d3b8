use std::collections::VecDeque;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::answer::not_understood;
use crate::calls::{Twice, is_final, may_repeat};
use crate::client::Client;
use crate::delay::delay;
use crate::error::{Error, NetworkError, Result};
use crate::event_stream::{Frame, FrameReader};
use crate::route::{Patience, Route};
use crate::rules::RULES;
use crate::servers::Server;
use crate::transport::Request;
use crate::watch_types::{LockEventKind, WatchUpdate};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const EVENT_STREAM: &str = "text/event-stream";

/// Follows a stream of events over as many connections as it needs.
pub(crate) struct Follower<S> {
    client: Client,
    request: Request,
    last_event_id: Option<HeaderValue>,
    connection: Option<Connection>,
    has_begun: bool,
    has_failed: bool,
    /// Whether the current connection has brought updates.
    has_updates: bool,
    route: Route,
    state: PhantomData<fn() -> S>,
}

impl<S: DeserializeOwned> Follower<S> {
    pub fn new(client: Client, request: Request) -> Self {
        let route = Route::new(Arc::clone(&client.transport.servers), Patience::Until(None));
        Self {
            client,
            request: request.header(ACCEPT, HeaderValue::from_static(EVENT_STREAM)),
            last_event_id: None,
            connection: None,
            has_begun: false,
            has_failed: false,
            has_updates: false,
            route,
            state: PhantomData,
        }
    }

    /// The next update, together with the rest of the stream. None after an error.
    pub async fn step(mut self) -> Option<(Result<WatchUpdate<S>>, Self)> {
        if self.has_failed {
            return None;
        }
        let result = self.update().await;
        self.has_failed = result.is_err();
        Some((result, self))
    }

    async fn update(&mut self) -> Result<WatchUpdate<S>> {
        loop {
            let error = match self.advance().await {
                Ok(update) => {
                    if !self.has_updates {
                        self.route.restart();
                    }
                    (self.has_begun, self.has_updates) = (true, true);
                    return Ok(update);
                }
                Err(error) => error,
            };
            self.connection = None;
            let had_updates = std::mem::take(&mut self.has_updates);
            let Some(pause) = self.next(&error) else {
                return Err(error);
            };
            // All streams of a server break at the same time, so they must not all come back at the same time.
            let spread = if had_updates { delay(1, None) } else { Duration::ZERO };
            tokio::time::sleep(pause.max(spread)).await;
        }
    }

    /// Retries the first connection like a read, and later ones for as long as it takes.
    fn next(&mut self, error: &Error) -> Option<Duration> {
        self.client.note(self.route.server(), Some(error));
        let may_go_on = if self.has_begun { !is_final(error) } else { may_repeat(error, Twice::Harmless) };
        may_go_on.then(|| self.route.next(error, Duration::ZERO)).flatten()
    }

    /// The next update of this connection. The end of the connection is an error, even if the server closed it.
    async fn advance(&mut self) -> Result<WatchUpdate<S>> {
        loop {
            let connection = match &mut self.connection {
                Some(connection) => connection,
                none => {
                    let request = resumed(&self.request, self.last_event_id.as_ref());
                    none.insert(Connection::open(&self.client, &request, self.route.server()).await?)
                }
            };
            let frame = connection.frame().await?;
            let update = update_of(&frame)?;
            if let Some(id) = frame.id {
                self.last_event_id = HeaderValue::from_str(&id).ok();
            }
            if let Some(update) = update {
                return Ok(update);
            }
        }
    }
}

/// A request for what follows an event.
fn resumed(request: &Request, last_event_id: Option<&HeaderValue>) -> Request {
    let request = request.clone();
    match last_event_id {
        Some(id) => request.header(LAST_EVENT_ID, id.clone()),
        None => request,
    }
}

struct Connection {
    client: Client,
    server: Server,
    response: Response,
    reader: FrameReader,
    /// Frames that have arrived but are not yet consumed.
    frames: VecDeque<Frame>,
}

impl Connection {
    async fn open(client: &Client, request: &Request, server: Server) -> Result<Self> {
        let open = |authorization| client.transport.open(request.clone().authorized(authorization), server);
        let response = client.bearer.send(false, open).await?;
        let content_type = response.headers().get(CONTENT_TYPE);
        if !content_type.is_some_and(|value| value.as_bytes().starts_with(EVENT_STREAM.as_bytes())) {
            let why = "the answer of the server is no event stream";
            return Err(not_understood(response.status(), why));
        }
        Ok(Self {
            client: client.clone(),
            server,
            response,
            reader: FrameReader::default(),
            frames: VecDeque::new(),
        })
    }

    async fn frame(&mut self) -> Result<Frame> {
        let silence = Duration::from_millis(RULES.watch_silence_ms_max);
        loop {
            if let Some(frame) = self.frames.pop_front() {
                return Ok(frame);
            }
            // After a silence this long, the connection must be dead.
            let piece = tokio::time::timeout(silence, self.response.chunk())
                .await
                .map_err(|_| self.client.transport.timed_out(silence, self.server))?
                .map_err(|error| self.client.transport.network_error(self.server, error))?
                .ok_or_else(|| NetworkError::stream_ended(self.client.transport.servers.name(self.server)))?;
            self.frames.extend(self.reader.read(&piece));
        }
    }
}

/// The update in a frame. None for a kind of event that this version does not know.
fn update_of<S: DeserializeOwned>(frame: &Frame) -> Result<Option<WatchUpdate<S>>> {
    #[derive(Deserialize)]
    struct Reset {
        message: String,
    }

    Ok(match frame.event.as_str() {
        "state" => Some(WatchUpdate::State(data_of(frame)?)),
        "reset" => {
            let Reset { message } = data_of(frame)?;
            Some(WatchUpdate::Reset { message })
        }
        kind if is_event_kind(kind) => Some(WatchUpdate::Event(data_of(frame)?)),
        _ => None,
    })
}

fn data_of<T: DeserializeOwned>(frame: &Frame) -> Result<T> {
    serde_json::from_str(&frame.data)
        .map_err(|_| not_understood(StatusCode::OK, "an event of the server cannot be understood"))
}

fn is_event_kind(kind: &str) -> bool {
    serde_json::from_value::<LockEventKind>(kind.into()).is_ok()
}
