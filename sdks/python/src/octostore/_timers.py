"""Timers, all run by one thread."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from ._clock import now
from ._fork import renew_in_children

_LINGER_SECONDS = 5.0
"""How long the thread stays after the last timer."""

_LOOK_SECONDS = 1.0
"""How often the thread looks at the clock. That goes on while the machine is suspended, but waiting stops."""


@dataclass(order=True)
class Timer:
    """A call that is due at a given time."""

    at: float
    order: int
    action: Callable[[], None] | None = field(compare=False)

    def cancel(self) -> None:
        """Cancel the call, unless it is running already."""
        self.action = None


class Timers:
    """Makes calls when they are due. They must return immediately."""

    def __init__(self) -> None:
        self._order = itertools.count()
        self.after_fork()
        renew_in_children(self)

    def after_fork(self) -> None:
        """Forget the timers of the parent. Its thread may have held the lock, and does not exist here."""
        self._changed = threading.Condition()
        self._timers: list[Timer] = []
        self._thread: threading.Thread | None = None

    def call_at(self, at: float, action: Callable[[], None]) -> Timer:
        """Call `action` at a given time of the monotonic clock."""
        timer = Timer(at, next(self._order), action)
        with self._changed:
            heapq.heappush(self._timers, timer)
            self._ensure_thread()
            if self._timers[0] is timer:
                self._changed.notify()
        return timer

    def _ensure_thread(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        self._thread = threading.Thread(target=self._run, name="octostore-timers", daemon=True)
        # An interpreter that is shutting down starts no more threads. Sockets still have their own timeouts.
        with suppress(RuntimeError):
            self._thread.start()

    def _run(self) -> None:
        while (due := self._next_due()) is not None:
            action = due.action
            if action is not None:
                action()

    def _next_due(self) -> Timer | None:
        """Return the next timer once it is due, or None if there has been nothing to do for a while."""
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
                self._changed.wait(min(seconds, _LOOK_SECONDS))

    def _drop_cancelled(self) -> None:
        while self._timers and self._timers[0].action is None:
            heapq.heappop(self._timers)


TIMERS = Timers()
