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


@dataclass(frozen=True)
class _Exchange:
    attempt: Attempt
    sock: socket.socket
    response: BaseHTTPResponse
    sent_at: float

    def answer(self) -> Answer:
        text = self.response.read().decode(errors="replace")
        return Answer(self.response.status, self.response.headers, text, self.sent_at)

    def pieces(self, silence_seconds: float) -> Iterator[bytes]:
        """Yield data as it arrives."""
        message = f"the stream was silent for {silence_seconds:g} s"
        self.sock.settimeout(silence_seconds)
        while True:
            self.attempt.expire_in(silence_seconds, message)
            piece = self.response.read1(_PIECE_BYTES_MAX)
            # The consumer may take its time.
            self.attempt.stop_the_clock()
            if not piece:
                raise NetworkError("the stream ended", was_sent=True)
            yield piece


class Transport:
    """Sends requests. Raises `NetworkError`, `RequestTimeoutError`, or `CancelledError` once cancelled."""

    def __init__(
        self,
        url: SplitResult,
        timeout_seconds: float,
        ssl_context: ssl.SSLContext | None,
    ) -> None:
        self.timeout_seconds = timeout_seconds
        self.base_url = f"{url.scheme}://{url.netloc}{url.path}".rstrip("/")
        self._path = url.path.rstrip("/")
        self._connections = Connections(url, ssl_context)

    def close(self) -> None:
        """Close idle connections."""
        self._connections.close()

    def exchange(self, request: Request, token: str | None, cancel: Trigger | None = None) -> Answer:
        """Send a request and return the complete response."""
        with self._send(request, token, cancel) as exchange:
            return exchange.answer()

    def stream(self, request: Request, token: str | None, cancel: Trigger) -> Generator[bytes, None, None]:
        """Yield the chunks of an event stream as they arrive.

        Raises the matching error for any other response, and `RequestTimeoutError` if the stream is silent
        for so long that the connection must be dead.
        """
        with self._send(request, token, cancel) as exchange:
            response = exchange.response
            if response.status != 200:
                raise error_of(exchange.answer())
            if not response.headers.get("content-type", "").startswith("text/event-stream"):
                facts = ErrorFacts(status=response.status)
                raise ServerError("the answer of the server is no event stream", facts)
            yield from exchange.pieces(RULES.watch_silence_ms_max / 1000)

    @contextmanager
    def _send(self, request: Request, token: str | None, cancel: Trigger | None) -> Iterator[_Exchange]:
        seconds = self.timeout_seconds if request.until is None else request.until - now()
        with (
            Attempt(cancel, seconds, f"no answer within {seconds:.3g} s") as attempt,
            self._connections.lend(attempt) as connection,
        ):
            sock = connection.sock
            sent_at = now()
            connection.request(
                request.method,
                self._path + request.path,
                body=None if request.body is None else _json(request.body),
                headers=_headers(request, token),
                preload_content=False,
            )
            yield _Exchange(attempt, sock, connection.getresponse(), sent_at)


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
