"""Single requests to one server."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult

from urllib3.response import BaseHTTPResponse

from ._answers import Answer, error_of
from ._attempt import Attempt
from ._clock import now
from ._connections import Connections
from ._errors import ErrorFacts, NetworkError, ServerError
from ._rules import RULES
from ._signals import Trigger

_PIECE_BYTES_MAX = 65_536


@dataclass(frozen=True)
class Request:
    """A request."""

    method: Literal["GET", "POST", "DELETE"]
    path: str
    """Relative to the base URL, with the query."""
    body: Mapping[str, object] | None = None
    """Members that are None are left out."""
    headers: Mapping[str, str] = field(default_factory=dict)
    until: float | None = None
    """When the response must be complete, on the monotonic clock. By default, after the client's timeout."""
    is_public: bool = False
    """Whether it needs no token."""


@dataclass(frozen=True)
class Sending:
    """Where a request goes, and with which token."""

    server: str
    """The base URL."""
    token: str | None
    cancel: Trigger | None = None


@dataclass(frozen=True)
class _Exchange:
    attempt: Attempt
    server: str
    sock: socket.socket
    response: BaseHTTPResponse
    sent_at: float

    def answer(self) -> Answer:
        text = self.response.read().decode(errors="replace")
        return Answer(self.response.status, self.response.headers, text, self.sent_at)

    def pieces(self, silence_seconds: float) -> Iterator[bytes]:
        """Yield data as it arrives."""
        message = f"the stream from {self.server} was silent for {silence_seconds:g} s"
        self.sock.settimeout(silence_seconds)
        while True:
            self.attempt.expire_in(silence_seconds, message)
            piece = self.response.read1(_PIECE_BYTES_MAX)
            # The consumer may take its time.
            self.attempt.stop_the_clock()
            if not piece:
                raise NetworkError(f"the stream from {self.server} ended", was_sent=True)
            yield piece


class Transport:
    """Sends requests. Raises `NetworkError`, `RequestTimeoutError`, or `CancelledError` once cancelled."""

    def __init__(
        self,
        urls: Mapping[str, SplitResult],
        timeout_seconds: float,
        ssl_context: ssl.SSLContext | None,
    ) -> None:
        """Make a transport to servers by their base URLs."""
        self.timeout_seconds = timeout_seconds
        if ssl_context is None and any(url.scheme == "https" for url in urls.values()):
            # Created once, because it reads all of the system's certificates.
            ssl_context = ssl.create_default_context()
        self._paths = {server: url.path.rstrip("/") for server, url in urls.items()}
        self._connections = {server: Connections(url, ssl_context) for server, url in urls.items()}

    def close(self) -> None:
        """Close idle connections."""
        for connections in self._connections.values():
            connections.close()

    def exchange(self, request: Request, sending: Sending) -> Answer:
        """Send a request and return the complete response."""
        with self._send(request, sending) as exchange:
            return exchange.answer()

    def stream(self, request: Request, sending: Sending) -> Generator[bytes, None, None]:
        """Yield the chunks of an event stream as they arrive.

        Raises the matching error for any other response, and `RequestTimeoutError` if the stream is silent
        for so long that the connection must be dead.
        """
        with self._send(request, sending) as exchange:
            response = exchange.response
            if response.status != 200:
                raise error_of(exchange.answer())
            if not response.headers.get("content-type", "").startswith("text/event-stream"):
                facts = ErrorFacts(status=response.status)
                raise ServerError("the answer of the server is no event stream", facts)
            yield from exchange.pieces(RULES.watch_silence_ms_max / 1000)

    @contextmanager
    def _send(self, request: Request, sending: Sending) -> Iterator[_Exchange]:
        server = sending.server
        seconds = self.timeout_seconds if request.until is None else request.until - now()
        message = f"{server} did not answer within {seconds:.3g} s"
        with (
            Attempt(server, sending.cancel, seconds, message) as attempt,
            self._connections[server].lend(attempt) as connection,
        ):
            sock = connection.sock
            sent_at = now()
            connection.request(
                request.method,
                self._paths[server] + request.path,
                body=None if request.body is None else _json(request.body),
                headers=_headers(request, sending.token),
                preload_content=False,
            )
            yield _Exchange(attempt, server, sock, connection.getresponse(), sent_at)


def _headers(request: Request, token: str | None) -> dict[str, str]:
    headers = {"accept": "application/json"}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    if request.body is not None:
        headers["content-type"] = "application/json"
    return {**headers, **request.headers}


def _json(body: Mapping[str, object]) -> bytes:
    members = {name: value for name, value in body.items() if value is not None}
    return json.dumps(members).encode()
