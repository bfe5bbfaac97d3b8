"""Sends requests through a function of the program."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

from ._answers import Answer
from ._attempt import Attempt
from ._clock import now
from ._errors import NetworkError
from ._requests import Request, Sender, Sending, headers_of, json_of, stream_of
from ._signals import Trigger

T = TypeVar("T")

_PIECE_ENDED = b""


@dataclass(frozen=True)
class HttpRequest:
    """A request for an opener to send."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    timeout_seconds: float
    """When this has passed, the client stops waiting for the opener."""
    given_up: Trigger
    """Set when the client no longer waits for the response."""


@dataclass(frozen=True)
class HttpResponse:
    """A response of an opener."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Iterable[bytes] = b""
    """The whole body, or its pieces as they arrive."""


Opener = Callable[[HttpRequest], HttpResponse]
"""Sends a request and returns the response, or raises any exception if there is none.

It runs in a thread of its own, and must not follow redirects.
"""


class OpenerTransport(Sender):
    """Sends requests through an opener. Raises what `Transport` raises."""

    def __init__(self, opener: Opener, timeout_seconds: float) -> None:
        self.timeout_seconds = timeout_seconds
        self.opener = opener

    def close(self) -> None:
        """Do nothing: connections are a matter of the opener."""

    def exchange(self, request: Request, sending: Sending) -> Answer:
        """Send a request and return the complete response."""
        with self._send(request, sending) as (attempt, response, sent_at):
            text = b"".join(_pieces(attempt, response)).decode(errors="replace")
            attempt.finish()
            return Answer(response.status, _lowercase(response.headers), text, sent_at)

    def stream(self, request: Request, sending: Sending) -> Generator[bytes, None, None]:
        """Yield the chunks of an event stream as they arrive."""
        with self._send(request, sending) as (attempt, response, sent_at):
            headers = _lowercase(response.headers)

            def answer() -> Answer:
                text = b"".join(_pieces(attempt, response)).decode(errors="replace")
                return Answer(response.status, headers, text, sent_at)

            pieces = _pieces(attempt, response)

            def read() -> bytes:
                piece = next(pieces, _PIECE_ENDED)
                if not piece:
                    raise NetworkError(f"the stream from {sending.server} ended", was_sent=True)
                return piece

            yield from stream_of(
                attempt,
                server=sending.server,
                status=response.status,
                headers=headers,
                answer=answer,
                read=read,
            )

    @contextmanager
    def _send(self, request: Request, sending: Sending) -> Iterator[tuple[Attempt, HttpResponse, float]]:
        server = sending.server
        seconds = self.timeout_seconds if request.until is None else request.until - now()
        message = f"{server} did not answer within {seconds:.3g} s"
        given_up = Trigger()
        http = HttpRequest(
            method=request.method,
            url=server.rstrip("/") + request.path,
            headers=headers_of(request, sending.token),
            body=None if request.body is None else json_of(request.body),
            timeout_seconds=seconds,
            given_up=given_up,
        )
        with Attempt(server, sending.cancel, seconds, message) as attempt:
            sent_at = now()
            try:
                yield attempt, _awaited(attempt, lambda: self.opener(http)), sent_at
            finally:
                given_up.set()


def _pieces(attempt: Attempt, response: HttpResponse) -> Iterator[bytes]:
    if isinstance(response.body, bytes):
        yield response.body
        return
    pieces = iter(response.body)
    while (piece := _awaited(attempt, lambda: next(pieces, None))) is not None:
        yield piece


def _awaited(attempt: Attempt, action: Callable[[], T]) -> T:
    """Run an action in a thread, which is abandoned if the attempt ends before."""
    done: Future[T] = Future()
    attempt.interrupt_by(done.cancel)

    def run() -> None:
        error: BaseException | None = None
        try:
            result = action()
        except BaseException as failure:  # noqa: BLE001 - raised where the result is awaited
            error = failure
        if not done.set_running_or_notify_cancel():
            return
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)

    thread = threading.Thread(target=run, name="octostore-opener", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # The interpreter is shutting down and starts no more threads.
        run()
    try:
        return done.result()
    except (Exception, CancelledError) as error:
        raise attempt.failure(error, was_sent=not isinstance(error, ConnectionRefusedError)) from error
    finally:
        with suppress(RuntimeError):
            attempt.interrupt_by(None)


def _lowercase(headers: Mapping[str, str]) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers.items()}
