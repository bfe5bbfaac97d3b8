"""Calls: requests to the server, with as many attempts as they need and as are safe."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, TypeVar

from ._answers import result_of
from ._bearer import Bearer
from ._clock import delay_seconds, now
from ._errors import (
    AuthenticationError,
    LimitError,
    NetworkError,
    NotFoundError,
    OctoStoreError,
    PermissionDeniedError,
    RequestTimeoutError,
    ServerError,
    UnavailableError,
    ValidationError,
)
from ._fields import Fields, of_object
from ._rules import RULES
from ._signals import Trigger, pause, raise_if_set
from ._transport import Request, Transport

T = TypeVar("T")

_FINAL = (AuthenticationError, LimitError, NotFoundError, PermissionDeniedError, ValidationError)


@dataclass
class Outcome:
    """Whether an attempt may have taken effect without our knowing."""

    is_unknown: bool = False


@dataclass(frozen=True)
class Call(Generic[T]):
    """A request to the server."""

    request: Callable[[], Request]
    """Builds the request for each attempt."""
    read: Callable[[str], T]
    """Reads the body of a successful response. Raises `ValueError` if it cannot."""
    cancel: Trigger | None = None
    """Cancels the call."""


@dataclass(frozen=True)
class Result(Generic[T]):
    """The result of a successful call."""

    value: T
    sent_at: float
    """When the successful attempt was sent, on the monotonic clock."""


class Caller:
    """Makes calls and retries them where that is safe."""

    def __init__(self, transport: Transport, bearer: Bearer) -> None:
        self.transport = transport
        self.bearer = bearer

    def attempt(self, call: Call[T]) -> Result[T]:
        """Make one attempt, and another each time it gets a 401 because the token was replaced."""
        while True:
            request = call.request()
            until = request.until or now() + self.transport.timeout_seconds
            token = self.bearer.token
            answer = self.transport.exchange(request, token, call.cancel)
            if answer.status != 401 or not self.bearer.is_replaced(token, until, call.cancel):
                return Result(result_of(answer, call.read), answer.sent_at)

    def stream(self, request: Request, cancel: Trigger) -> Generator[bytes, None, None]:
        """Do as `Transport.stream`, and again each time it gets a 401 because the token was replaced."""
        while True:
            token = self.bearer.token
            try:
                yield from self.transport.stream(request, token, cancel)
            except AuthenticationError:
                until = now() + self.transport.timeout_seconds
                if not self.bearer.is_replaced(token, until, cancel):
                    raise

    def call(self, call: Call[T], *, is_safe: bool, outcome: Outcome | None = None) -> Result[T]:
        """Make a call. It `is_safe` if it is harmless for the server to do it twice.

        Raises the error of the last attempt, or `CancelledError`.
        """
        outcome = outcome or Outcome()
        failures = 0
        while True:
            raise_if_set(call.cancel)
            try:
                return self.attempt(call)
            except OctoStoreError as error:
                failures += 1
                outcome.is_unknown = outcome.is_unknown or _leaves_unknown(error)
                if failures > RULES.repeats_max or not may_repeat(error, is_safe=is_safe):
                    raise
                retry_after_seconds = error.retry_after_seconds
            except BaseException:
                # Cancelled by the caller, possibly after it was sent.
                outcome.is_unknown = True
                raise
            pause(delay_seconds(failures, retry_after_seconds), call.cancel)

    def get(self, path: str, read: Callable[[Fields], T]) -> T:
        """Read an object."""
        return self.call(Call(lambda: Request("GET", path), of_object(read)), is_safe=True).value

    def remove(self, call: Call[object]) -> None:
        """Remove something. If it is gone after an attempt with an unknown outcome, that attempt did it."""
        outcome = Outcome()
        try:
            self.call(call, is_safe=True, outcome=outcome)
        except NotFoundError:
            if not outcome.is_unknown:
                raise


def _is_transient(error: OctoStoreError) -> bool:
    """Whether the same request may well succeed a moment later."""
    if isinstance(error, LimitError):
        return error.status == 429
    is_trouble = isinstance(error, (NetworkError, RequestTimeoutError, UnavailableError))
    return is_trouble or _is_not_understood(error)


def is_final(error: OctoStoreError) -> bool:
    """Whether retrying cannot help, with the same request or another one."""
    return isinstance(error, _FINAL) and error.status != 429


def may_repeat(error: OctoStoreError, *, is_safe: bool) -> bool:
    """Whether to retry a call that failed with this error."""
    if (error.retry_after_seconds or 0) > RULES.retry_after_ms_max / 1000:
        return False
    never_connected = isinstance(error, NetworkError) and not error.was_sent
    return _is_transient(error) if is_safe else never_connected


def _leaves_unknown(error: OctoStoreError) -> bool:
    if isinstance(error, NetworkError):
        return error.was_sent
    return isinstance(error, (RequestTimeoutError, ServerError, UnavailableError))


def _is_not_understood(error: OctoStoreError) -> bool:
    return isinstance(error, ServerError) and (error.status or 0) < 300
