"""Watches of locks."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator
from concurrent.futures import CancelledError
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from ._answers import not_understood
from ._calls import Caller
from ._clock import delay_seconds
from ._errors import ErrorFacts, LostError, OctoStoreError
from ._event_stream import Frame, FrameReader
from ._fields import Fields
from ._lock_readers import read_held_lock
from ._lock_types import HeldLock
from ._readers import EVENT_TYPES, read_lock_event
from ._repeating import is_fault_of_server, is_final, may_repeat
from ._requests import Request
from ._signals import Trigger
from ._types import LockEvent, LockEventType

if TYPE_CHECKING:
    from typing_extensions import Self

State = TypeVar("State")


@dataclass(frozen=True)
class StateUpdate(Generic[State]):
    """The current state. It comes first, and after a reset."""

    data: State
    type: Literal["state"] = "state"


@dataclass(frozen=True)
class EventUpdate:
    """Something that happened to a lock."""

    type: LockEventType
    data: LockEvent


@dataclass(frozen=True)
class Reset:
    """The data of a reset."""

    message: str
    """For logs and debugging."""


@dataclass(frozen=True)
class ResetUpdate:
    """Events were missed: the event log no longer reaches back far enough. The current state follows."""

    data: Reset
    type: Literal["reset"] = "reset"


@dataclass(frozen=True)
class PrefixState:
    """The locks that are held. They can arrive in several parts; the last one is `complete`."""

    locks: tuple[HeldLock, ...]
    complete: bool


WatchUpdate = StateUpdate[State] | EventUpdate | ResetUpdate


class Watch(Generic[State]):
    """The updates of one watch. After a disconnect, it resumes without a gap or a repeat.

    An iterator for one consumer; each step blocks until something happens. Iterating raises an
    `OctoStoreError` if the server refuses the watch, for example because the token is no longer valid. As
    a context manager, it ends the watch at the end of the block.
    """

    def __init__(
        self,
        caller: Caller,
        path: str,
        read_state: Callable[[Fields], State],
    ) -> None:
        self._closed = Trigger()
        self._process = os.getpid()
        self._turn = threading.Lock()
        # It must not refer to the watch, so that it ends as soon as the watch is dropped.
        self._updates = _Stream(caller, path, read_state, self._closed).updates()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> WatchUpdate[State]:
        if self._is_foreign:
            raise LostError("The watch is of the parent of this process. Open your own.")
        with self._turn:
            return next(self._updates)

    def close(self) -> None:
        """End the watch. An iteration that waits elsewhere ends too. Does nothing in a forked child."""
        if self._is_foreign:
            return
        self._closed.set()
        if self._turn.acquire(blocking=False):
            try:
                self._updates.close()
            finally:
                self._turn.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _is_foreign(self) -> bool:
        """Whether this is a forked child. Its parent reads from the same connection."""
        return self._process != os.getpid()


class _Stream(Generic[State]):
    """A stream over as many connections as it needs."""

    def __init__(
        self,
        caller: Caller,
        path: str,
        read_state: Callable[[Fields], State],
        closed: Trigger,
    ) -> None:
        self._caller = caller
        self._path = path
        self._read_state = read_state
        self._closed = closed
        self._last_event_id: str | None = None

    def updates(self) -> Generator[WatchUpdate[State], None, None]:
        route = self._caller.route()
        has_begun = False
        while True:
            is_connected = False
            try:
                with closing(self._connection(route.url)) as updates:
                    for update in updates:
                        if not is_connected:
                            route.never_end()
                        is_connected = has_begun = True
                        yield update
            except CancelledError:
                return
            except OctoStoreError as error:
                if is_fault_of_server(error):
                    self._caller.servers.leave(route.url)
                seconds = route.next(error) if _may_go_on(error, has_begun=has_begun) else None
                if seconds is None:
                    raise
                # All streams of a server break at once, so they must not all come back at once.
                spread = delay_seconds(1) if is_connected else 0
                delay = max(seconds, spread)
            if self._closed.wait(delay):
                return

    def _connection(self, server: str) -> Generator[WatchUpdate[State], None, None]:
        """Yield the updates of one connection. Always ends by raising."""
        headers = {"accept": "text/event-stream"}
        if self._last_event_id is not None:
            headers["last-event-id"] = self._last_event_id
        request = Request("GET", self._path, headers=headers)
        reader = FrameReader()
        with closing(self._caller.stream(request, server, self._closed)) as pieces:
            for frame in chain.from_iterable(map(reader.read, pieces)):
                update = self._update_of(frame)
                if frame.id is not None:
                    self._last_event_id = frame.id
                if update is not None:
                    yield update

    def _update_of(self, frame: Frame) -> WatchUpdate[State] | None:
        """Return None for a kind of event that this version does not know."""
        try:
            if frame.event == "state":
                return StateUpdate(self._read_state(Fields.parse(frame.data)))
            if frame.event == "reset":
                return ResetUpdate(Reset(Fields.parse(frame.data).text("message")))
            if frame.event not in EVENT_TYPES:
                return None
            event = read_lock_event(Fields.parse(frame.data))
            return EventUpdate(event.event, event)
        except (ValueError, RecursionError) as cause:
            raise not_understood(ErrorFacts(status=200)) from cause


def read_prefix_state(fields: Fields) -> PrefixState:
    """Read the data of a `state` frame when watching a prefix."""
    locks = tuple(read_held_lock(lock) for lock in fields.objects("locks"))
    return PrefixState(locks, fields.flag("complete"))


def _may_go_on(error: OctoStoreError, *, has_begun: bool) -> bool:
    """Whether to reconnect: by the rules for a read at first, later for as long as it takes."""
    return not is_final(error) if has_begun else may_repeat(error, is_safe=True)
