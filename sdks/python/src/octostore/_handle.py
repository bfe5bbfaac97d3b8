"""What lock handles and session handles have in common."""

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
    """A lock or session that is renewed in the background until you close or lose it."""

    def __init__(self, keeper: Keeper, on_lost: Callable[[], object] | None) -> None:
        self.keeper = keeper
        """Renews it. For use within this library."""
        self._ending = threading.RLock()
        self._has_ended = False
        if on_lost is not None:
            # In a thread of its own: it may take a while, and signals for others must not wait.
            thread = threading.Thread(target=on_lost, name="octostore-on-lost", daemon=True)
            keeper.lost.listen(thread.start)

    @property
    def lost(self) -> Signal:
        """Set when it is lost, before anyone else can get it."""
        return self.keeper.lost

    @property
    def is_lost(self) -> bool:
        """Whether it is lost. Checks the clock, so it is correct even after the whole process was paused."""
        return self.keeper.is_lost

    @property
    def remaining_seconds(self) -> float:
        """Seconds for which it is certain to be held. 0 once it is lost."""
        return self.keeper.remaining_seconds

    def raise_if_lost(self) -> None:
        """Raise `LostError` if it is lost."""
        self.keeper.raise_if_lost()

    def close(self) -> None:
        """Release or end it. Never fails: a lock or session that cannot be closed expires on its own."""
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
        """Release or end it, once. Fails if the server cannot be reached, but not if it was already lost."""
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
