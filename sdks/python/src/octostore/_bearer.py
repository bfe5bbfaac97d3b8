"""A client's token, which can be replaced."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ._clock import now
from ._signals import Trigger, raise_if_set


class Bearer:
    """Holds the current token.

    It can be replaced while requests are under way. The old token stops working immediately, so some of
    these requests may get a 401 although the client has a valid token by then.
    """

    def __init__(self, token: str | None) -> None:
        self.token = token
        self._turn = threading.RLock()
        self._rotated = Trigger()
        self._rotated.set()

    def rotate(self, ask: Callable[[str | None], str]) -> str:
        """Replace the token with the one that `ask` returns, and return it. Rotations run one at a time."""
        with self._turn:
            self._rotated = rotated = Trigger()
            try:
                self.token = token = ask(self.token)
            finally:
                rotated.set()
            return token

    def is_replaced(self, refused: str | None, until: float, cancel: Trigger | None) -> bool:
        """Whether the refused token has been replaced, so that it makes sense to send the request again.

        If it has not, waits for a rotation that is under way, but no longer than `until`, on the monotonic
        clock. Raises `CancelledError` as soon as `cancel` is set.
        """
        if self.token == refused:
            self._await_rotation(until - now(), cancel)
        return self.token != refused

    def _await_rotation(self, seconds: float, cancel: Trigger | None) -> None:
        over = Trigger()
        signals = [self._rotated, cancel or Trigger()]
        unlisten = [signal.listen(over.set) for signal in signals]
        over.wait(max(0.0, seconds))
        for end in unlisten:
            end()
        raise_if_set(cancel)
