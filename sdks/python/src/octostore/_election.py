"""Leader election."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from types import TracebackType
from typing import TYPE_CHECKING

from ._calls import is_final
from ._clock import delay_seconds
from ._errors import LockHeldError, LostError, OctoStoreError
from ._lock import LockHandle
from ._signals import Signal, Trigger

if TYPE_CHECKING:
    from typing_extensions import Self

Lead = Callable[[LockHandle, Signal], object]
"""What the leader does. The signal tells it to stop: the lock is lost, or the election has been stopped.

The election waits for it: no one else leads before it has returned, unless the lock was lost.
"""


class Election:
    """A campaign in a thread of its own: it acquires a lock and leads, again and again.

    Created by `OctoStoreClient.elect`. As a context manager, it stops the election at the end of the block.
    """

    def __init__(self, hold: Callable[[Trigger], LockHandle], lead: Lead, *, once: bool) -> None:
        self._hold = hold
        self._lead = lead
        self._once = once
        self._stop = Trigger()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="octostore-election", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the leader, then release the lock and stop campaigning. Does not wait for that."""
        self._stop.set()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until the election is over, for at most `timeout` seconds. Returns whether it is.

        If it ended with an error, raises that: what `lead` raised, or an error that retrying cannot fix,
        such as `AuthenticationError`.
        """
        self._thread.join(timeout)
        if self._thread.is_alive():
            return False
        if self._error is not None:
            raise self._error
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        self._thread.join()
        if error is None:
            self.join()

    def _run(self) -> None:
        try:
            while (lock := self._campaign()) is not None:
                self._lead_with(lock)
                if self._once:
                    return
        except BaseException as error:  # noqa: BLE001 - `join` raises it
            self._error = error

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
        try:
            with lock:
                self._lead(lock, told)
        except LostError:
            # How a leader leaves that checks the lock itself.
            if not lock.is_lost:
                raise
        finally:
            for end in unlisten:
                end()
