"""Closes what is open when the process exits, or is asked to."""

from __future__ import annotations

import atexit
import os
import signal
import threading
import weakref
from contextlib import suppress
from types import FrameType

from ._background import BRIEF_SECONDS, join_all
from ._clock import now
from ._election import Election
from ._handle import Handle


class _OpenAtExit:
    """What clients with `release_on_exit` have open."""

    def __init__(self) -> None:
        self._handles: weakref.WeakSet[Handle] = weakref.WeakSet()
        self._elections: weakref.WeakSet[Election] = weakref.WeakSet()
        self._is_watching = False

    def watch(self) -> None:
        """Close everything at exit, and when a signal would end the process without one."""
        if not self._is_watching:
            self._is_watching = True
            atexit.register(self.close)
        # Only the main thread can set handlers. A program's own handler decides by itself whether to exit.
        with suppress(ValueError):
            for number in (signal.SIGTERM, signal.SIGINT):
                if signal.getsignal(number) is signal.SIG_DFL:
                    signal.signal(number, self._close_and_die)

    def add(self, thing: Handle | Election) -> None:
        if isinstance(thing, Handle):
            self._handles.add(thing)
        else:
            self._elections.add(thing)

    def close(self) -> None:
        """Close everything that belongs to this process, within a second in all."""
        deadline = now() + BRIEF_SECONDS
        for election in list(self._elections):
            election.stop()
        join_all([_closing(handle, deadline) for handle in list(self._handles)], deadline)

    def _close_and_die(self, number: int, _: FrameType | None) -> None:
        self.close()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def _closing(handle: Handle, deadline: float) -> threading.Thread:
    thread = threading.Thread(target=handle.close_within, args=[deadline], name="octostore-exit", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # The interpreter is shutting down and starts no more threads.
        handle.close_within(deadline)
    return thread


OPEN_AT_EXIT = _OpenAtExit()
