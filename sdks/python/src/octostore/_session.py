"""Sessions that are kept alive."""

from __future__ import annotations

from collections.abc import Callable

from ._handle import Handle
from ._keeper import Keeper, Renewable
from ._session_api import SessionApi


class SessionHandle(Handle):
    """A session that is kept alive in the background until it is ended or lost.

    Created by `OctoStoreClient.open_session`. As a context manager, it ends the session at the end of the
    block. All locks held in it end with it. Safe to share between threads.
    """

    def __init__(
        self, api: SessionApi, session_id: str, keeper: Keeper, on_lost: OnSessionLost | None
    ) -> None:
        super().__init__(keeper, None if on_lost is None else lambda: on_lost(self))
        self._api = api
        self._session_id = session_id

    @property
    def session_id(self) -> str:
        """The session's id on the server."""
        return self._session_id

    def end(self) -> None:
        """End the session and release its locks.

        Fails if the server cannot be reached, but not if the session was already lost.
        """
        self._end()

    def __repr__(self) -> str:
        return f"SessionHandle({self.session_id!r})"

    def _end_on_server(self) -> None:
        self._api.end(self.session_id)


OnSessionLost = Callable[[SessionHandle], object]
"""Called in a thread of its own."""


def open_session(
    api: SessionApi, ttl_seconds: int, timeout_seconds: float, on_lost: OnSessionLost | None
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
            renew=lambda until, cancel: api.keepalive_once(session_id, until, cancel),
        )
    )
    return SessionHandle(api, session_id, keeper, on_lost)
