"""Session handles."""

from __future__ import annotations

from contextlib import closing
from queue import Queue

import pytest

from conftest import WITHIN_SECONDS
from octostore import LostError, NotFoundError, OctoStoreClient, SessionHandle


def test_the_end_of_the_block_ends_the_session_and_its_locks(client: OctoStoreClient, name: str) -> None:
    with client.open_session(ttl_seconds=30) as session:
        lock = client.hold(name, ttl_seconds=300, session=session)
        assert client.session_status(session.session_id).lock_count == 1
        assert lock.remaining_seconds <= 30
    with pytest.raises(NotFoundError):
        client.session_status(session.session_id)
    assert lock.is_lost
    with pytest.raises(LostError, match="session has ended"):
        lock.raise_if_lost()
    lock.close()


def test_an_exception_ends_the_session_and_passes_on(client: OctoStoreClient) -> None:
    with pytest.raises(KeyError), client.open_session() as session:
        raise KeyError
    with pytest.raises(NotFoundError):
        client.keepalive(session.session_id)


def test_the_loss_is_told(client: OctoStoreClient, name: str) -> None:
    told: Queue[SessionHandle] = Queue()
    with (
        client.open_session(ttl_seconds=10, on_lost=told.put) as session,
        closing(client.hold(name, ttl_seconds=300, session=session)) as lock,
    ):
        client.end_session(session.session_id)
        assert session.lost.wait(WITHIN_SECONDS)
        assert lock.lost.wait(WITHIN_SECONDS)
        assert told.get(timeout=WITHIN_SECONDS) is session
