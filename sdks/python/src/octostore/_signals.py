"""One-time signals."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Protocol


class Signal(Protocol):
    """Something that happens once, such as the loss of a lock. Like a `threading.Event` that others set."""

    def is_set(self) -> bool:
        """Whether it has happened."""

    def wait(self, timeout: float | None = None) -> bool:
        """Block until it happens, for at most `timeout` seconds. Returns whether it has happened."""


class Trigger:
    """A signal that you set yourself, for example to cancel an acquire that waits in another thread."""

    def __init__(self) -> None:
        # Without a lock, so that a signal handler, a finalizer or a forked child can set the trigger whatever
        # was under way. An event has one.
        self._is_set = False
        self._listeners: deque[Callable[[], None]] = deque()

    def set(self) -> None:
        """Set the signal. Setting it again does nothing."""
        self._is_set = True
        self._tell()

    def is_set(self) -> bool:
        """Whether it has happened."""
        return self._is_set

    def wait(self, timeout: float | None = None) -> bool:
        """Block until it happens, for at most `timeout` seconds. Returns whether it has happened."""
        gate = threading.Lock()
        gate.acquire()
        # Each listener is called at most once, so the gate is opened at most once.
        unlisten = self.listen(gate.release)
        try:
            gate.acquire(timeout=-1 if timeout is None else min(max(0.0, timeout), threading.TIMEOUT_MAX))
        finally:
            unlisten()
        return self._is_set

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when it happens, or now if it has. Returns a function that removes the listener.

        The listener runs in the thread that sets the trigger and must return at once.
        """
        self._listeners.append(listener)
        if self._is_set:
            self._tell()
        return lambda: self._forget(listener)

    def _tell(self) -> None:
        while True:
            try:
                listener = self._listeners.popleft()
            except IndexError:
                return
            listener()

    def _forget(self, listener: Callable[[], None]) -> None:
        with suppress(ValueError):
            self._listeners.remove(listener)


def pause(seconds: float, cancel: Trigger | None) -> None:
    """Wait. Raises `CancelledError` as soon as `cancel` is set."""
    if cancel is None:
        time.sleep(max(0.0, seconds))
    elif cancel.wait(max(0.0, seconds)):
        raise CancelledError


def raise_if_set(cancel: Trigger | None) -> None:
    """Raise `CancelledError` if `cancel` is set."""
    if cancel is not None and cancel.is_set():
        raise CancelledError
