"""What happens to the locks and sessions that a client holds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from ._signals import Trigger

HandleEventType = Literal["acquired", "renewed", "renewal_failed", "lost", "released"]
"""
- `acquired`: a handle was opened.
- `renewed`: it was renewed or kept alive.
- `renewal_failed`: an attempt to renew it failed. Others follow until it is lost.
- `lost`: it is lost.
- `released`: it was closed, and was not lost before.
"""

_LOGGER = logging.getLogger("octostore")


@dataclass(frozen=True)
class HandleEvent:
    """Something that has happened to locks or a session that a client holds."""

    type: HandleEventType
    """What has happened."""
    locks: tuple[str, ...]
    """The names of the locks. Empty if it is about a session."""
    session: str | None
    """The id of the session. None if it is about locks."""
    fencing_token: int | None
    """The fencing token of the locks. None if it is about a session."""
    error: Exception | None = None
    """Why a renewal or a release failed, or why it is lost."""

    @property
    def lock(self) -> str | None:
        """The name of the lock. If there are several: of the first."""
        return self.locks[0] if self.locks else None


Observer = Callable[[HandleEvent], object]
"""Receives what happens, in several threads. It must return quickly, because renewals wait for it."""


@dataclass(frozen=True)
class Subject:
    """What a handle is about."""

    locks: tuple[str, ...] = ()
    session: str | None = None
    fencing_token: int | None = None


class Renewing(Protocol):
    """Renews something in the background."""

    over: Trigger
    """Set when it is lost or closed."""

    def renew_now(self) -> None:
        """Make one attempt to renew it. Returns after it, or when it is lost or closed."""


class Events:
    """Tells those who want to know of the handles of a client."""

    def __init__(self, observer: Observer | None, opener: object) -> None:
        """`opener` learns of each handle if it is a test double, which has a method for that."""
        self._observer = observer
        self._note: Callable[[Renewing], None] | None = getattr(opener, "note_handle", None)

    def opened(self, renewing: Renewing) -> None:
        """Tell a test double of a handle."""
        if self._note is not None:
            self._note(renewing)

    def tell(self, kind: HandleEventType, subject: Subject, error: Exception | None = None) -> None:
        """Tell the observer. If it fails, that is logged."""
        if self._observer is None:
            return
        event = HandleEvent(kind, subject.locks, subject.session, subject.fencing_token, error)
        try:
            self._observer(event)
        except Exception:
            _LOGGER.exception("The observer of a client has raised an exception.")
