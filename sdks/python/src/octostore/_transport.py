"""Single requests to one server."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult

from urllib3.response import BaseHTTPResponse

from ._answers import Answer
from ._attempt import Attempt
from ._clock import now
from ._connections import Connections
from ._errors import NetworkError
from ._requests import Request, Sender, Sending, headers_of, json_of, stream_of
from ._rules import RULES

_PIECE_BYTES_MAX = 65_536


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

    def piece(self) -> bytes:
        """Return data as soon as there is some."""
        piece = self.response.read1(_PIECE_BYTES_MAX)
        if not piece:
            raise NetworkError(f"the stream from {self.server} ended", was_sent=True)
        return piece


class Transport(Sender):
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
        """Yield the chunks of an event stream as they arrive."""
        with self._send(request, sending) as exchange:
            response = exchange.response
            exchange.sock.settimeout(RULES.watch_silence_ms_max / 1000)
            yield from stream_of(
                exchange.attempt,
                server=sending.server,
                status=response.status,
                headers=response.headers,
                answer=exchange.answer,
                read=exchange.piece,
            )

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
                body=None if request.body is None else json_of(request.body),
                headers=headers_of(request, sending.token),
                preload_content=False,
            )
            yield _Exchange(attempt, server, sock, connection.getresponse(), sent_at)
