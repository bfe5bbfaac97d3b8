"""What lock handles and session handles have in common."""

from __future__ import annotations

import math
import os
import threading
import warnings
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

from ._background import in_background
from ._errors import ErrorFacts, LostError, NotFoundError, OctoStoreError
from ._fork import renew_in_children
from ._keeper import Keeper
from ._signals import Signal

if TYPE_CHECKING:
    from typing_extensions import Self


@dataclass(frozen=True)
class _Release:
    error: OctoStoreError | None = None


class Handle(ABC):
    """A lock or session that is renewed in the background until you close or lose it.

    It belongs to the process that opened it. In a forked child it counts as lost: it is not renewed there,
    and closing it does nothing.
    """

    def __init__(self, keeper: Keeper, on_lost: Callable[[Self], object] | None) -> None:
        self.keeper = keeper
        """Renews it. For use within this library."""
        self._process = os.getpid()
        self._has_ended = False
        self._on_lost = on_lost
        self.after_fork()
        renew_in_children(self)
        self._finalizer = weakref.finalize(self, _warn_if_open, keeper, self._process)
        self._finalizer.atexit = False
        # The background must not keep a forgotten handle alive, so its callback stays with the handle.
        this = weakref.ref(self)
        keeper.lost.listen(lambda: _tell_of_loss(this()))

    def after_fork(self) -> None:
        """Replace the lock, which a thread of the parent may have held. For use within this library."""
        self._ending = threading.RLock()

    @property
    def lost(self) -> Signal:
        """Set when it is lost, before anyone else can get it."""
        return self.keeper.lost

    @property
    def is_lost(self) -> bool:
        """Whether it is lost. Checks the clock, so it is correct even after the whole process was paused."""
        return self._is_foreign or self.keeper.is_lost

    @property
    def remaining_seconds(self) -> float:
        """Seconds for which it is certain to be held. 0 once it is lost."""
        return 0.0 if self._is_foreign else self.keeper.remaining_seconds

    def raise_if_lost(self) -> None:
        """Raise `LostError`, which says why, if it is lost."""
        if (loss := self._loss()) is not None:
            raise loss

    def close(self) -> None:
        """Release or end it. Never fails, and takes no longer than what is left of it.

        A lock or session that cannot be closed expires on its own. In a forked child, this does nothing.
        """
        self.close_within(math.inf)

    def close_within(self, deadline: float) -> None:
        """Close it until a given time of the monotonic clock. For use within this library."""
        if not self._is_foreign:
            with suppress(OctoStoreError):
                self._end(deadline)

    def __enter__(self) -> Self:
        return self

    @abstractmethod
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    @property
    def _is_foreign(self) -> bool:
        """Whether another process opened it, and this is a forked child."""
        return self._process != os.getpid()

    def _loss(self) -> LostError | None:
        """Return the error that says why it is lost, None if it is not."""
        if self._is_foreign:
            why = f"process {self._process} opened it, and this one is a child of it. Open your own"
            return self._lost_error(f"{self._capitalized} is not yours: {why}.", ErrorFacts())
        if not self.keeper.is_lost:
            return None
        cause = self.keeper.cause
        facts = ErrorFacts() if cause is None else ErrorFacts(cause.code, cause.status, cause.request_id)
        loss = self._lost_error(f"{self._capitalized} is lost: {self.keeper.loss}.", facts)
        loss.__cause__ = cause
        return loss

    @property
    def _capitalized(self) -> str:
        what = self.keeper.what
        return what[:1].upper() + what[1:]

    @property
    def _state(self) -> str:
        """Describe its state for `repr`."""
        if self._is_foreign:
            return f"of process {self._process}"
        if self.keeper.is_lost:
            return "lost"
        return "closed" if self._has_ended else f"remaining_seconds={self.remaining_seconds:.1f}"

    def _end(self, deadline: float = math.inf) -> None:
        """Release or end it, once. Fails if the server cannot be reached, but not if it was already lost."""
        if self._is_foreign:
            self.raise_if_lost()
        # The observer learns of a loss now, and not while this thread has the lock.
        self.keeper.look()
        told = self._end_once(deadline)
        if told is None:
            return
        self.keeper.note_release(told.error)
        if told.error is not None:
            raise told.error

    def _end_once(self, deadline: float) -> _Release | None:
        """Return what there is to tell of the release, None if it is not one."""
        with self._ending:
            if self._has_ended:
                return None
            self._has_ended = True
            self._finalizer.detach()
            is_lost = self.keeper.is_lost
            self.keeper.stop()
            if self.keeper.is_gone:
                return None
            if is_lost:
                in_background("octostore-release", self._end_on_server_once)
                return None
            try:
                self._end_on_server(min(deadline, self.keeper.certain_until))
            except NotFoundError:
                return _Release()
            except OctoStoreError as error:
                return _Release(error)
            return _Release()

    @abstractmethod
    def _lost_error(self, message: str, facts: ErrorFacts) -> LostError: ...

    @abstractmethod
    def _end_on_server(self, deadline: float) -> None: ...

    @abstractmethod
    def _end_on_server_once(self) -> None:
        """Make one brief attempt, whose failure does not matter."""


def _tell_of_loss(handle: Handle | None) -> None:
    on_lost = None if handle is None else handle._on_lost  # noqa: SLF001 - a part of the class
    if handle is None or on_lost is None:
        return
    # In a thread of its own: it may take a while, and signals for others must not wait.
    thread = threading.Thread(target=on_lost, args=[handle], name="octostore-on-lost", daemon=True)
    with suppress(RuntimeError):  # The interpreter is shutting down and starts no more threads.
        thread.start()


def _warn_if_open(keeper: Keeper, process: int) -> None:
    if process != os.getpid() or keeper.over.is_set():
        return
    keeper.abandon()
    message = f"{keeper.what} was never closed. It is not renewed from now on, and expires on its own."
    warnings.warn(message, ResourceWarning, stacklevel=2)
