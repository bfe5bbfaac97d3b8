"""The routes of sessions."""

from __future__ import annotations

import math
from urllib.parse import quote

from ._background import BRIEF_SECONDS
from ._calls import Call, Caller, Result
from ._checks import check_session_ttl
from ._clock import now
from ._fields import of_object
from ._leases import OneAttempt
from ._readers import read_created_session, read_kept_session, read_nothing, read_session_status
from ._requests import Request
from ._signals import Trigger
from ._types import CreatedSession, KeptSession, SessionStatus


class SessionApi:
    """Makes the calls of sessions."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, ttl_seconds: int) -> Result[CreatedSession]:
        """Create a session."""
        check_session_ttl(ttl_seconds)
        request = Request("POST", "/sessions", {"ttl_seconds": ttl_seconds})
        call = Call(lambda: request, of_object(read_created_session))
        return self._caller.call(call, is_safe=False)

    def keepalive(self, session_id: str) -> KeptSession:
        """Send a keepalive, with retries."""
        return self._caller.call(_keepalive(session_id), is_safe=True).value

    def keepalive_once(self, session_id: str, attempt: OneAttempt) -> float:
        """Make one attempt at a keepalive. Returns when it was sent, on the monotonic clock."""
        call = _keepalive(session_id, attempt.until, attempt.cancel)
        return self._caller.attempt(call, attempt.server).sent_at

    def status(self, session_id: str) -> SessionStatus:
        """Get the status of a session."""
        return self._caller.get(_session_path(session_id), read_session_status)

    def end(self, session_id: str, deadline: float = math.inf) -> None:
        """End a session. Gives up at `deadline`, on the monotonic clock."""
        self._caller.remove(_ending(session_id, deadline))

    def end_once(self, session_id: str) -> None:
        """Make one brief attempt to end a session, whose failure does not matter."""
        self._caller.remove_once(_ending(session_id, now() + BRIEF_SECONDS))


def _ending(session_id: str, deadline: float) -> Call[object]:
    request = Request("DELETE", _session_path(session_id))
    return Call(lambda: request, read_nothing, deadline=deadline)


def _keepalive(
    session_id: str, until: float | None = None, cancel: Trigger | None = None
) -> Call[KeptSession]:
    path = f"{_session_path(session_id)}/keepalive"
    request = Request("POST", path, until=until)
    return Call(lambda: request, of_object(read_kept_session), cancel)


def _session_path(session_id: str) -> str:
    return f"/sessions/{quote(session_id, safe='')}"
