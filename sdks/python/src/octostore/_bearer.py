"""A client's token, which can be replaced."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ._checks import check_token
from ._clock import now
from ._errors import AuthenticationError, ValidationError
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
        """The current token. Asks for it at first, if a function gives it."""
        if not self._is_known:
            with self._turn:
                if not self._is_known:
                    self._token = self._ask_source()
                    self._is_known = True
        return self._token

    @property
    def known(self) -> str | None:
        """The current token, as far as it is known without asking for it."""
        return self._token

    def rotate(self, ask: Callable[[str | None], str]) -> str:
        """Replace the token with the one that `ask` returns, and return it. Rotations run one at a time.

        Raises `ValidationError` if a function gives the token.
        """
        if self._source is not None:
            raise ValidationError(
                "This client cannot rotate its token, because a function gives it. "
                "Rotate the token where the function gets it."
            )
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
        clock. Raises `CancelledError` as soon as `cancel` is set.
        """
        if self._token == refused:
            self._await_rotation(until - now(), cancel)
        return self._token != refused

    def is_replaced_by_source(self, refused: str | None) -> bool:
        """Ask the function that gives the token, unless that has been done, and say as `is_replaced` does."""
        if self._source is not None:
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


class Refusals:
    """Decides about the 401s to one request. The function that gives the token is asked once for it."""

    def __init__(self, bearer: Bearer) -> None:
        self._bearer = bearer
        self._may_ask = True

    def may_send_again(self, refused: str | None, until: float, cancel: Trigger | None) -> bool:
        """Whether there is another token than the refused one. `Bearer.is_replaced` has the arguments."""
        if self._bearer.is_replaced(refused, until, cancel):
            return True
        if not self._may_ask:
            return False
        self._may_ask = False
        return self._bearer.is_replaced_by_source(refused)
