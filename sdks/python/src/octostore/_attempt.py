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
    """An attempt that ends in time, or when it is given up, whatever it waits for at that moment.

    The time-outs of sockets alone are too weak for that: they begin anew with every byte.
    """

    def __init__(self, cancel: Trigger | None, seconds: float, message: str) -> None:
        # This lock and others are reentrant for the sake of signal handlers.
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
        """Seconds that are left. Never 0, which sockets take for another thing."""
        return max(0.001, self._timer.at - now())

    def expire_in(self, seconds: float, message: str) -> None:
        """Change the time that is left from now on, and what is said when it is over."""
        self._timer.cancel()
        self._timer = self._expire_in(seconds, message)

    def stop_the_clock(self) -> None:
        """Let it take as long as it likes, until `expire_in` says otherwise."""
        self._timer.cancel()

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
        cause = error.__cause__ or error
        if isinstance(cause, TimeoutError):
            # The socket's own time-out is the attempt's, and may be over a moment before.
            self._end(RequestTimeoutError(self._message))
        if self._error is not None:
            return self._error
        return NetworkError(f"the connection failed: {_reason(cause)}", was_sent=was_sent)

    def _expire_in(self, seconds: float, message: str) -> Timer:
        self._message = message
        return TIMERS.call_at(now() + seconds, lambda: self._end(RequestTimeoutError(message)))

    def _end(self, error: Exception) -> None:
        # Under the lock, so that an attempt that has finished does not have its connection shut down.
        with self._lock:
            if self._error is not None:
                return
            self._error = error
            if self._interrupt is not None:
                self._interrupt()


def _reason(cause: BaseException) -> str:
    """Say why, without a word of what the other side has sent."""
    strerror = cause.strerror if isinstance(cause, OSError) else None
    return strerror or type(cause).__name__
