"""One attempt at an exchange with the server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from types import TracebackType

from ._clock import now
from ._errors import NetworkError, RequestTimeoutError
from ._signals import Trigger
from ._timers import TIMERS, Timer


class Attempt:
    """An attempt that ends on time, or when it is cancelled, whatever it is waiting for.

    Socket timeouts alone are not enough: they start again with every byte.
    """

    def __init__(self, server: str, cancel: Trigger | None, seconds: float, message: str) -> None:
        self._server = server
        # This lock and others are reentrant, because a signal handler may run in between.
        self._lock = threading.RLock()
        self._interrupt: Callable[[], object] | None = None
        self._error: Exception | None = None
        self._timer = self._expire_in(seconds, message)
        self._unlisten = (cancel or Trigger()).listen(lambda: self._end(CancelledError()))

    def __enter__(self) -> Attempt:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.interrupt_by(None)
        self._timer.cancel()
        self._unlisten()

    @property
    def remaining(self) -> float:
        """Seconds that are left. Never 0, because to a socket that means non-blocking."""
        return max(0.001, self._timer.at - now())

    def expire_in(self, seconds: float, message: str) -> None:
        """Change how much time is left from now on, and the error message when it is up."""
        self._timer.cancel()
        self._timer = self._expire_in(seconds, message)

    def stop_the_clock(self) -> None:
        """Remove the time limit, until `expire_in` sets one."""
        self._timer.cancel()

    def interrupt_by(self, interrupt: Callable[[], object] | None) -> None:
        """Set how to interrupt what the attempt waits for from now on. None if it waits for nothing."""
        with self._lock:
            self._interrupt = interrupt
            if self._error is not None and interrupt is not None:
                interrupt()

    def finish(self) -> None:
        """Stop being interruptible. Raises the error if the attempt was interrupted before."""
        self.interrupt_by(None)
        if self._error is not None:
            raise self._error

    def failure(self, error: Exception, *, was_sent: bool) -> Exception:
        """Return the error for a failed connection: the end of the attempt, or a network error."""
        cause = error.__cause__ or error
        if isinstance(cause, TimeoutError):
            # The socket has the same timeout as the attempt, and may hit it a moment earlier.
            self._end(RequestTimeoutError(self._message))
        if self._error is not None:
            return self._error
        what = f"the connection to {self._server} broke" if was_sent else f"no connection to {self._server}"
        return NetworkError(f"{what}: {_reason(cause)}", was_sent=was_sent)

    def _expire_in(self, seconds: float, message: str) -> Timer:
        self._message = message
        return TIMERS.call_at(now() + seconds, lambda: self._end(RequestTimeoutError(message)))

    def _end(self, error: Exception) -> None:
        # Under the lock, so that a finished attempt does not get its connection shut down.
        with self._lock:
            if self._error is not None:
                return
            self._error = error
            if self._interrupt is not None:
                self._interrupt()


def _reason(cause: BaseException) -> str:
    """Return the reason, without quoting anything that the other side sent."""
    strerror = cause.strerror if isinstance(cause, OSError) else None
    return strerror or type(cause).__name__
