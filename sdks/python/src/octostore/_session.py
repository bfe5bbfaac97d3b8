"""Sessions that are kept alive."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from ._errors import ErrorFacts, LostError
from ._handle import Handle
from ._handle_events import Events, Subject
from ._keeper import Keeper, Renewable
from ._servers import Servers
from ._session_api import SessionApi


class SessionHandle(Handle):
    """A session that is kept alive in the background until it is ended or lost.

    Created by `OctoStoreClient.open_session`. As a context manager, it ends the session at the end of the
    block. All locks held in it end with it. Safe to share between threads, but not with forked processes.
    """

    def __init__(
        self, api: SessionApi, session_id: str, keeper: Keeper, on_lost: OnSessionLost | None
    ) -> None:
        super().__init__(keeper, on_lost)
        self._api = api
        self._session_id = session_id

    @property
    def session_id(self) -> str:
        """The session's id on the server."""
        return self._session_id

    def end(self) -> None:
        """End the session and release its locks. Takes no longer than what is left of the session.

        Fails if the server cannot be reached, but not if the session was already lost. In a forked child,
        raises `LostError`, and the session goes on.
        """
        self._end()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<SessionHandle {self.session_id!r} {self._state}>"

    def _lost_error(self, message: str, facts: ErrorFacts) -> LostError:
        return LostError(message, facts)

    def _end_on_server(self, deadline: float) -> None:
        self._api.end(self.session_id, deadline)

    def _end_on_server_once(self) -> None:
        self._api.end_once(self.session_id)


OnSessionLost = Callable[[SessionHandle], object]
"""Called in a thread of its own."""


def open_session(
    api: SessionApi,
    ttl_seconds: int,
    *,
    servers: Servers,
    events: Events,
    timeout_seconds: float,
    on_lost: OnSessionLost | None,
) -> SessionHandle:
    """Create a session and keep it alive."""
    created = api.create(ttl_seconds)
    session_id = created.value.session_id
    keeper = Keeper(
        Renewable(
            what=f"the session {session_id}",
            ttl_seconds=ttl_seconds,
            proved_at=created.sent_at,
            timeout_seconds=timeout_seconds,
            servers=servers,
            renew=lambda attempt: api.keepalive_once(session_id, attempt),
            events=events,
            subject=lambda: Subject(session=session_id),
        )
    )
    return SessionHandle(api, session_id, keeper, on_lost)
