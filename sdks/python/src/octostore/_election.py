"""Leader election."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import CancelledError, Future
from types import TracebackType
from typing import TYPE_CHECKING

from ._clock import delay_seconds
from ._errors import ErrorFacts, LockHeldError, LostError, OctoStoreError
from ._lock import LockHandle
from ._repeating import is_final
from ._signals import Signal, Trigger

if TYPE_CHECKING:
    from typing_extensions import Self

_LOG = logging.getLogger("octostore")

Lead = Callable[[LockHandle, Signal], object]
"""What the leader does. The signal tells it to stop: the lock is lost, or the election has been stopped.

The election waits for it: no one else leads before it has returned, unless the lock was lost.
"""

OnEnded = Callable[["BaseException | None"], object]
"""Called when an election has ended, with the error that ended it, in the thread of the election."""


class Election:
    """A campaign in a thread of its own: it acquires a lock and leads, again and again.

    Created by `OctoStoreClient.elect`. As a context manager, it stops the election at the end of the block.
    An error that ends it is raised by `join` and passed to `on_ended`. If no one waits for it at that moment,
    it is also logged by the logger `octostore`.
    """

    def __init__(
        self,
        name: str,
        hold: Callable[[Trigger], LockHandle],
        lead: Lead,
        *,
        once: bool,
        on_ended: OnEnded | None,
    ) -> None:
        self._name = name
        self._hold = hold
        self._lead = lead
        self._once = once
        self._stop = Trigger()
        self._ended: _Ended = _Ended()
        self._is_leading = False
        self._process = os.getpid()
        if on_ended is not None:
            self._ended.add_done_callback(lambda ended: on_ended(ended.exception()))
        self._thread = threading.Thread(target=self._run, name="octostore-election", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """Name of the lock."""
        return self._name

    @property
    def ended(self) -> Future[None]:
        """Done when the election has ended. Its exception is the error that ended it.

        From asyncio, await `asyncio.wrap_future(election.ended)`.
        """
        return self._ended

    def stop(self) -> None:
        """Stop the leader, then release the lock and stop campaigning. Does not wait for that."""
        if not self._is_foreign:
            self._stop.set()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until the election is over, for at most `timeout` seconds. Returns whether it is.

        If it ended with an error, raises that: what `lead` raised, or an error that retrying cannot fix,
        such as `AuthenticationError`. In a forked child, raises `LostError`.
        """
        if self._is_foreign:
            why = f"process {self._process} campaigns, and this one is a child of it"
            raise LostError(f'The election for "{self._name}" is not yours: {why}.', ErrorFacts())
        if not self._ended.wait(timeout):
            return False
        self._ended.result()
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._is_foreign:
            return
        self.stop()
        self._ended.wait(None)
        if error is None:
            self.join()

    def __repr__(self) -> str:
        return f"<Election {self._name!r} {self._state}>"

    @property
    def _state(self) -> str:
        if self._is_foreign:
            return f"of process {self._process}"
        if self._ended.done():
            return "ended"
        return "leading" if self._is_leading else "campaigning"

    @property
    def _is_foreign(self) -> bool:
        """Whether another process campaigns, and this is a forked child."""
        return self._process != os.getpid()

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            self._lead_until_stopped()
        except BaseException as failure:  # noqa: BLE001 - `join` raises it
            error = failure
        if self._is_foreign:  # The leader has forked, and this is the child: not for us to tell.
            return
        if error is not None and not self._ended.is_awaited:
            _LOG.error('The election for "%s" has ended with an error.', self._name, exc_info=error)
        self._ended.end(error)

    def _lead_until_stopped(self) -> None:
        while (lock := self._campaign()) is not None:
            self._lead_with(lock)
            if self._once or self._is_foreign:
                return

    def _campaign(self) -> LockHandle | None:
        """Return the lock once it is acquired, or None if the election is stopped first."""
        failures = 0
        while True:
            try:
                return self._hold(self._stop)
            except CancelledError:
                return None
            except LockHeldError:
                failures = 0
            except OctoStoreError as error:
                if is_final(error):
                    raise
                failures += 1
                if self._stop.wait(delay_seconds(failures, error.retry_after_seconds)):
                    return None

    def _lead_with(self, lock: LockHandle) -> None:
        told = Trigger()
        unlisten = [signal.listen(told.set) for signal in (lock.keeper.lost, self._stop)]
        self._is_leading = True
        try:
            self._lead(lock, told)
        except LostError:
            # How a leader leaves that checks the lock itself.
            if not lock.is_lost:
                raise
        finally:
            self._is_leading = False
            lock.close()
            for end in unlisten:
                end()


class _Ended(Future[None]):
    """The end of an election. Knows whether anyone waits for it."""

    def __init__(self) -> None:
        super().__init__()
        # From now on, no one can cancel it.
        self.set_running_or_notify_cancel()
        self._awaiting = 0

    @property
    def is_awaited(self) -> bool:
        return self._awaiting > 0

    def end(self, error: BaseException | None) -> None:
        if error is None:
            self.set_result(None)
        else:
            self.set_exception(error)

    def wait(self, timeout: float | None) -> bool:
        """Wait until the end. Returns whether it has come."""
        self._awaiting += 1
        try:
            return bool(futures.wait([self], timeout).done)
        finally:
            self._awaiting -= 1

    def result(self, timeout: float | None = None) -> None:
        self._awaiting += 1
        try:
            return super().result(timeout)
        finally:
            self._awaiting -= 1

    def exception(self, timeout: float | None = None) -> BaseException | None:
        self._awaiting += 1
        try:
            return super().exception(timeout)
        finally:
            self._awaiting -= 1

    def add_done_callback(self, fn: Callable[[Future[None]], object]) -> None:
        self._awaiting += 1
        super().add_done_callback(fn)
