"""What is sent, whatever sends it."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from ._answers import Answer, error_of
from ._attempt import Attempt
from ._errors import ErrorFacts, ServerError
from ._rules import RULES
from ._signals import Trigger


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


class Sender(Protocol):
    """Sends requests. Raises `NetworkError`, `RequestTimeoutError`, or `CancelledError` once cancelled."""

    timeout_seconds: float

    def close(self) -> None:
        """Close idle connections."""

    def exchange(self, request: Request, sending: Sending) -> Answer:
        """Send a request and return the complete response."""

    def stream(self, request: Request, sending: Sending) -> Generator[bytes, None, None]:
        """Yield the chunks of an event stream as they arrive.

        Raises the matching error for any other response, and `RequestTimeoutError` if the stream is silent
        for so long that the connection must be dead.
        """


def headers_of(request: Request, token: str | None) -> dict[str, str]:
    """Return the headers of a request."""
    headers = {"accept": "application/json"}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    if request.body is not None:
        headers["content-type"] = "application/json"
    return {**headers, **request.headers}


def json_of(body: Mapping[str, object]) -> bytes:
    """Return the body of a request."""
    members = {name: value for name, value in body.items() if value is not None}
    return json.dumps(members).encode()


def check_stream(status: int, headers: Mapping[str, str], answer: Callable[[], Answer]) -> None:
    """Raise the matching error if a response is no event stream."""
    if status != 200:
        raise error_of(answer())
    if not headers.get("content-type", "").startswith("text/event-stream"):
        raise ServerError("the answer of the server is no event stream", ErrorFacts(status=status))


def stream_of(
    attempt: Attempt,
    *,
    server: str,
    status: int,
    headers: Mapping[str, str],
    answer: Callable[[], Answer],
    read: Callable[[], bytes],
) -> Generator[bytes, None, None]:
    """Yield the pieces of an event stream, unless it is silent for too long."""
    check_stream(status, headers, answer)
    seconds = RULES.watch_silence_ms_max / 1000
    while True:
        attempt.expire_in(seconds, f"the stream from {server} was silent for {seconds:g} s")
        piece = read()
        # The consumer may take its time.
        attempt.stop_the_clock()
        yield piece
