"""The token of a client, which may be replaced."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ._clock import now
from ._signals import Trigger, raise_if_set


class Bearer:
    """Has the present token.

    It may be replaced while requests are under way; the old one ends at once, so some of them may be
    refused with 401 although the client has a valid token by then.
    """

    def __init__(self, token: str | None) -> None:
        self.token = token
        self._turn = threading.RLock()
        self._rotated = Trigger()
        self._rotated.set()

    def rotate(self, ask: Callable[[str | None], str]) -> str:
        """Replace the token by what `ask` gets for it, and give that. One rotation comes after the other."""
        with self._turn:
            self._rotated = rotated = Trigger()
            try:
                self.token = token = ask(self.token)
            finally:
                rotated.set()
            return token

    def is_replaced(self, refused: str | None, until: float, cancel: Trigger | None) -> bool:
        """Whether there is another token than the one that was refused, so that it makes sense to ask again.

        If there is none, waits for the end of a rotation that is under way, but no longer than `until`,
        on the monotonic clock. Raises `CancelledError` as soon as `cancel` is set.
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
