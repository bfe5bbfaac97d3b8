"""A client's token, which can be replaced."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ._checks import check_token
from ._clock import now
from ._errors import AuthenticationError
from ._fork import renew_in_children
from ._signals import Trigger, raise_if_set

TokenSource = Callable[[], "str | None"]
"""Gives the token. Called for the first request, and again when the server has refused the last token."""


class Bearer:
    """Holds the current token.

    It can be replaced while requests are under way. The old token stops working immediately, so some of
    these requests may get a 401 although the client has a valid token by then.
    """

    def __init__(self, token: str | TokenSource | None) -> None:
        self._source = token if callable(token) else None
        self._token = None if callable(token) else token
        self._is_known = self._source is None
        self._rotated = Trigger()
        self.after_fork()
        renew_in_children(self)

    def after_fork(self) -> None:
        """Forget a rotation of the parent, which never ends here."""
        self._turn = threading.RLock()
        self._rotated = Trigger()
        self._rotated.set()

    @property
    def token(self) -> str | None:
        """The current token. Asks for it at first, if it comes from a function."""
        if not self._is_known:
            with self._turn:
                if not self._is_known:
                    self._token = self._ask_source()
                    self._is_known = True
        return self._token

    def rotate(self, ask: Callable[[str | None], str]) -> str:
        """Replace the token with the one that `ask` returns, and return it. Rotations run one at a time."""
        with self._turn:
            self._rotated = rotated = Trigger()
            try:
                self._token = token = ask(self.token)
            finally:
                rotated.set()
            return token

    def is_replaced(self, refused: str | None, until: float, cancel: Trigger | None) -> bool:
        """Whether the refused token has been replaced, so that it makes sense to send the request again.

        If it has not, waits for a rotation that is under way, but no longer than `until`, on the monotonic
        clock, and then asks the function that the token comes from. Raises `CancelledError` as soon as
        `cancel` is set.
        """
        if self._token == refused:
            self._await_rotation(until - now(), cancel)
        if self._token == refused and self._source is not None:
            with self._turn:
                if self._token == refused:
                    self._token = self._ask_source()
        return self._token != refused

    def _ask_source(self) -> str | None:
        if self._source is None:
            return None
        try:
            token = self._source()
        except Exception as cause:
            raise AuthenticationError("The function that gives the token has failed.") from cause
        if token is not None:
            check_token(token)
        return token

    def _await_rotation(self, seconds: float, cancel: Trigger | None) -> None:
        over = Trigger()
        signals = [self._rotated, cancel or Trigger()]
        unlisten = [signal.listen(over.set) for signal in signals]
        over.wait(max(0.0, seconds))
        for end in unlisten:
            end()
        raise_if_set(cancel)
