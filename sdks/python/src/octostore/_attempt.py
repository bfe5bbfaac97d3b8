"""One attempt at an exchange with the server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from types import TracebackType

import urllib3

from ._clock import now
from ._errors import NetworkError, RequestTimeoutError
from ._signals import Trigger
from ._timers import TIMERS, Timer

_TIMEOUTS = (TimeoutError, urllib3.exceptions.TimeoutError)


class Attempt:
    """An attempt that ends in time, or when it is given up, whatever it waits for at that moment.

    The time-outs of sockets are too weak for that: they begin anew with every byte.
    """

    def __init__(self, cancel: Trigger | None) -> None:
        self._cancel = cancel or Trigger()
        self._lock = threading.Lock()
        self._interrupt: Callable[[], object] | None = None
        self._error: RequestTimeoutError | CancelledError | None = None
        self._late = RequestTimeoutError("no answer in time")
        self._deadline = now()
        self._timer: Timer | None = None
        self._unlisten: Callable[[], None] | None = None

    def __enter__(self) -> Attempt:
        self._unlisten = self._cancel.listen(lambda: self._end(CancelledError()))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.interrupt_by(None)
        if self._timer is not None:
            self._timer.cancel()
        if self._unlisten is not None:
            self._unlisten()

    @property
    def remaining(self) -> float:
        """Seconds that are left. Never 0, which sockets take for another thing."""
        return max(0.001, self._deadline - now())

    def expire_in(self, seconds: float, message: str) -> None:
        """Set the time that is left from now on, and what is said when it is over."""
        if self._timer is not None:
            self._timer.cancel()
        late = self._late = RequestTimeoutError(message)
        self._deadline = now() + seconds
        self._timer = TIMERS.call_at(self._deadline, lambda: self._end(late))

    def interrupt_by(self, interrupt: Callable[[], object] | None) -> None:
        """Say how to end what the attempt waits for from now on; None if it waits for nothing."""
        with self._lock:
            self._interrupt = interrupt
            if self._error is not None and interrupt is not None:
                interrupt()

    def finish(self) -> None:
        """Be interrupted no more. Raises the error if that was too late."""
        self.interrupt_by(None)
        if self._error is not None:
            raise self._error

    def failure(self, error: Exception, *, was_sent: bool) -> Exception:
        """Give what a failure of the connection means: the end of the attempt, or trouble of the network."""
        if self._error is not None:
            return self._error
        if isinstance(error, _TIMEOUTS):
            return self._late
        return NetworkError(f"the connection failed: {_reason(error)}", was_sent=was_sent)

    def _end(self, error: RequestTimeoutError | CancelledError) -> None:
        # Under the lock, so that an attempt that has finished does not have its connection shut down.
        with self._lock:
            if self._error is not None:
                return
            self._error = error
            if self._interrupt is not None:
                self._interrupt()


def _reason(error: BaseException) -> str:
    """Say why, without a word of what the other side has sent."""
    cause = error.__cause__ or error
    strerror = cause.strerror if isinstance(cause, OSError) else None
    return strerror or type(cause).__name__
