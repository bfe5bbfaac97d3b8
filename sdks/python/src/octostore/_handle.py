"""What handles of locks and of sessions have in common."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

from ._errors import NotFoundError, OctoStoreError
from ._keeper import Keeper
from ._signals import Signal

if TYPE_CHECKING:
    from typing_extensions import Self


class Handle(ABC):
    """Something that is held and renewed in the background until it is given back or lost."""

    def __init__(self, keeper: Keeper, on_lost: Callable[[], object] | None) -> None:
        self.keeper = keeper
        """What keeps it alive. For this library."""
        self._ending = threading.RLock()
        self._has_ended = False
        if on_lost is not None:
            # In a thread of its own: it may take its time, and the signals of others must not wait.
            thread = threading.Thread(target=on_lost, name="octostore-on-lost", daemon=True)
            keeper.lost.listen(thread.start)

    @property
    def lost(self) -> Signal:
        """Set when it is lost, before anybody else can get it."""
        return self.keeper.lost

    @property
    def is_lost(self) -> bool:
        """Whether it is lost. Looks at the clock, and so is right also after a pause of the whole process."""
        return self.keeper.is_lost

    @property
    def remaining_seconds(self) -> float:
        """Seconds for which it is held for certain; 0 once it is lost."""
        return self.keeper.remaining_seconds

    def raise_if_lost(self) -> None:
        """Raise `LostError` if it is lost."""
        self.keeper.raise_if_lost()

    def close(self) -> None:
        """Give it back, and never fail: what cannot be given back ends by itself when its time is over."""
        with suppress(OctoStoreError):
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _end(self) -> None:
        """Give it back, once. That it had been lost is no error; that the server cannot be told is one."""
        with self._ending:
            if self._has_ended:
                return
            self._has_ended = True
            self.keeper.stop()
            if self.keeper.is_gone:
                return
            with suppress(NotFoundError):
                self._end_on_server()

    @abstractmethod
    def _end_on_server(self) -> None: ...
