"""Work in the background that the end of the process waits for, but only briefly."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Iterable

from ._clock import now
from ._fork import renew_in_children
from ._rules import RULES

BRIEF_SECONDS = RULES.close_ms_max_when_lost / 1000
"""How long anything that nothing depends on may take."""


class _Background:
    def __init__(self) -> None:
        self._threads: set[threading.Thread] = set()
        renew_in_children(self)
        atexit.register(self._finish)

    def after_fork(self) -> None:
        self._threads = set()

    def run(self, name: str, action: Callable[[], None]) -> None:
        threads = self._threads

        def run() -> None:
            try:
                action()
            finally:
                threads.discard(thread)

        thread = threading.Thread(target=run, name=name, daemon=True)
        threads.add(thread)
        try:
            thread.start()
        except RuntimeError:  # The interpreter is shutting down and starts no more threads.
            run()

    def _finish(self) -> None:
        join_all(list(self._threads), now() + BRIEF_SECONDS)


def join_all(threads: Iterable[threading.Thread], until: float) -> None:
    """Wait for threads until a given time of the monotonic clock."""
    for thread in threads:
        thread.join(max(0.0, until - now()))


_BACKGROUND = _Background()


def in_background(name: str, action: Callable[[], None]) -> None:
    """Run an action in a thread of its own. It must not raise."""
    _BACKGROUND.run(name, action)
