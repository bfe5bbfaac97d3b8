"""Calls at given times, all from one thread."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from ._clock import now

_LINGER_SECONDS = 5.0
"""How long the thread outlives the last timer."""


@dataclass(order=True)
class Timer:
    """A call that is due at a time."""

    at: float
    order: int
    action: Callable[[], None] | None = field(compare=False)

    def cancel(self) -> None:
        """Let it not be made, unless it is being made right now."""
        self.action = None


class Timers:
    """Makes calls when they are due. What is called must return at once."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._order = itertools.count()
        self._timers: list[Timer] = []
        self._thread: threading.Thread | None = None

    def call_at(self, at: float, action: Callable[[], None]) -> Timer:
        """Call `action` at a time of the monotonic clock."""
        timer = Timer(at, next(self._order), action)
        with self._changed:
            heapq.heappush(self._timers, timer)
            self._ensure_thread()
            if self._timers[0] is timer:
                self._changed.notify()
        return timer

    def _ensure_thread(self) -> None:
        # A child process made by a fork inherits the object but not its running thread.
        if self._thread is not None and self._thread.is_alive():
            return
        self._thread = threading.Thread(target=self._run, name="octostore-timers", daemon=True)
        # An interpreter that shuts down starts no more threads; then sockets have their own time-outs.
        with suppress(RuntimeError):
            self._thread.start()

    def _run(self) -> None:
        while (due := self._next_due()) is not None:
            action = due.action
            if action is not None:
                action()

    def _next_due(self) -> Timer | None:
        """The next timer, once it is due; none if there has been nothing to do for a while."""
        with self._changed:
            while True:
                self._drop_cancelled()
                if not self._timers:
                    if not self._changed.wait(_LINGER_SECONDS) and not self._timers:
                        self._thread = None
                        return None
                    continue
                seconds = self._timers[0].at - now()
                if seconds <= 0:
                    return heapq.heappop(self._timers)
                self._changed.wait(seconds)

    def _drop_cancelled(self) -> None:
        while self._timers and self._timers[0].action is None:
            heapq.heappop(self._timers)


TIMERS = Timers()
