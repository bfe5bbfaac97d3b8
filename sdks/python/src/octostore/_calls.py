"""Calls: requests to the server, with as many attempts as they need and as are safe."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from ._answers import result_of
from ._bearer import Bearer, Refusals
from ._clock import now
from ._errors import AuthenticationError, LeaseBrokenError, NotFoundError, OctoStoreError
from ._fields import Fields, of_object
from ._repeating import is_fault_of_server, leaves_unknown, may_repeat
from ._rules import RULES
from ._servers import Route, Servers
from ._signals import Trigger, pause, raise_if_set
from ._transport import Request, Sending, Transport

T = TypeVar("T")


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
    deadline: float = math.inf
    """When the call ends at the latest, with all its attempts and pauses, on the monotonic clock."""


@dataclass(frozen=True)
class Result(Generic[T]):
    """The result of a successful call."""

    value: T
    sent_at: float
    """When the successful attempt was sent, on the monotonic clock."""


class Caller:
    """Makes calls and retries them where that is safe."""

    def __init__(self, servers: Servers, transport: Transport, bearer: Bearer) -> None:
        self.servers = servers
        self.transport = transport
        self.bearer = bearer

    def route(self, until: float = -math.inf) -> Route:
        """Return the route of a call: as many rounds as usual, and more until a given time."""
        return Route(self.servers, rounds_max=1 + RULES.repeats_max, until=until)

    def attempt(self, call: Call[T], server: str) -> Result[T]:
        """Make one attempt, and another each time it gets a 401 because the token was replaced."""
        try:
            result = self._attempt(call, server)
        except OctoStoreError as error:
            if is_fault_of_server(error):
                self.servers.leave(server)
            raise
        self.servers.keep(server)
        return result

    def _attempt(self, call: Call[T], server: str) -> Result[T]:
        refusals = Refusals(self.bearer)
        while True:
            request = call.request()
            until = min(request.until or now() + self.transport.timeout_seconds, call.deadline)
            token = self._token(request)
            sending = Sending(server, token, call.cancel)
            answer = self.transport.exchange(replace(request, until=until), sending)
            if answer.status != 401 or not refusals.may_send_again(token, until, call.cancel):
                return Result(result_of(answer, call.read), answer.sent_at)

    def stream(self, request: Request, server: str, cancel: Trigger) -> Generator[bytes, None, None]:
        """Do as `Transport.stream`, and again each time it gets a 401 because the token was replaced."""
        refusals = Refusals(self.bearer)
        while True:
            token = self._token(request)
            try:
                yield from self.transport.stream(request, Sending(server, token, cancel))
            except AuthenticationError:
                until = now() + self.transport.timeout_seconds
                if not refusals.may_send_again(token, until, cancel):
                    raise

    def call(self, call: Call[T], *, is_safe: bool, outcome: Outcome | None = None) -> Result[T]:
        """Make a call. It `is_safe` if it is harmless for the server to do it twice.

        Raises the error of the last attempt, or `CancelledError`.
        """
        outcome = outcome or Outcome()
        route = self.route()
        while True:
            raise_if_set(call.cancel)
            try:
                return self.attempt(call, route.url)
            except OctoStoreError as error:
                outcome.is_unknown = outcome.is_unknown or leaves_unknown(error)
                seconds = route.next(error) if may_repeat(error, is_safe=is_safe) else None
                if seconds is None or now() + seconds >= call.deadline:
                    raise
            except BaseException:
                # Cancelled by the caller, possibly after it was sent.
                outcome.is_unknown = True
                raise
            pause(seconds, call.cancel)

    def get(self, path: str, read: Callable[[Fields], T]) -> T:
        """Read an object."""
        return self.call(Call(lambda: Request("GET", path), of_object(read)), is_safe=True).value

    def remove(self, call: Call[object]) -> None:
        """Remove something. If it is gone after an attempt with an unknown outcome, that attempt did it."""
        outcome = Outcome()
        try:
            self.call(call, is_safe=True, outcome=outcome)
        except LeaseBrokenError:
            # No attempt of ours can have done this.
            raise
        except NotFoundError:
            if not outcome.is_unknown:
                raise

    def remove_once(self, call: Call[object]) -> None:
        """Try to remove something, with one attempt whose failure does not matter."""
        try:
            self.attempt(call, self.servers.current)
        except OctoStoreError:
            return

    def _token(self, request: Request) -> str | None:
        if request.is_public:
            return self.bearer.known
        token = self.bearer.token
        if token is None:
            raise AuthenticationError("The client has no token. Pass one as token=, or set OCTOSTORE_TOKEN.")
        return token
