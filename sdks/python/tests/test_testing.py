"""The double, with real clients."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError
from datetime import timedelta

import pytest

from conftest import WITHIN_SECONDS
from octostore import (
    AuthenticationError,
    HandleEvent,
    LeaseBrokenError,
    LockHandle,
    LockHeldError,
    OctoStoreClient,
    ServerError,
    StaleTokenError,
    Trigger,
)
from octostore._aio import start
from octostore.testing import InMemoryOctoStore


@pytest.fixture
def octostore() -> InMemoryOctoStore:
    return InMemoryOctoStore()


def test_a_lock_is_refused_and_a_waiter_gets_it_with_a_higher_token(octostore: InMemoryOctoStore) -> None:
    ada, bob = octostore.client("ada"), octostore.client("bob")
    lock = ada.hold("a/b", ttl_seconds=30)
    with pytest.raises(LockHeldError) as refused:
        bob.hold("a/b")
    assert refused.value.holder == "ada"
    assert abs(refused.value.expires_at - (octostore.now + timedelta(seconds=30))) < timedelta(milliseconds=2)
    waiting = start(lambda: bob.hold("a/b", wait_seconds=20))
    octostore.await_waiters("a/b")
    lock.release()
    with waiting.result(WITHIN_SECONDS) as following:
        assert following.fencing_token > lock.fencing_token


def test_handles_are_renewed_when_the_clock_moves_less_than_the_ttl(octostore: InMemoryOctoStore) -> None:
    events: list[HandleEvent] = []
    with octostore.client(observer=events.append).hold("a", ttl_seconds=30) as lock:
        for _ in range(3):
            octostore.advance(20)
        assert not lock.is_lost
    assert [event.type for event in events] == ["acquired", "renewed", "renewed", "renewed", "released"]


def test_they_are_lost_when_it_moves_further_and_the_next_one_has_the_lock(
    octostore: InMemoryOctoStore,
) -> None:
    lock = octostore.client("ada").hold("a", ttl_seconds=10)
    waiting = start(lambda: octostore.client("bob").hold("a", wait_seconds=25))
    octostore.await_waiters("a")
    octostore.advance(11)
    assert lock.is_lost
    waiting.result(WITHIN_SECONDS).close()


def test_sessions_end_with_their_locks(octostore: InMemoryOctoStore) -> None:
    client = octostore.client()
    session = client.open_session(ttl_seconds=10)
    lock = client.hold("a", session=session, ttl_seconds=100)
    octostore.advance(11)
    assert (session.is_lost, lock.is_lost) == (True, True)
    assert client.lock_status("a").status == "available"


def test_a_broken_lock_says_why(octostore: InMemoryOctoStore) -> None:
    lock = octostore.client().hold("a")
    octostore.admin_client().break_lock("a", reason="it hangs")
    octostore.advance(0)
    with pytest.raises(Exception, match="it hangs") as lost:
        lock.raise_if_lost()
    assert isinstance(lost.value.__cause__, LeaseBrokenError)


def test_fences_refuse_old_tokens(octostore: InMemoryOctoStore) -> None:
    client = octostore.client()
    tokens = []
    for _ in range(2):
        with client.hold("a") as lock:
            tokens.append(lock.fencing_token)
    client.fences.advance("a", tokens[1])
    with pytest.raises(StaleTokenError):
        client.fences.advance("a", tokens[0])


def test_an_acquire_that_is_cancelled_leaves_the_line(octostore: InMemoryOctoStore) -> None:
    cancel = Trigger()
    with octostore.client("ada").hold("a"):
        waiting = start(lambda: octostore.client("bob").hold("a", wait_seconds=20, cancel=cancel))
        octostore.await_waiters("a")
        cancel.set()
        with pytest.raises(CancelledError):
            waiting.result(WITHIN_SECONDS)
        while octostore.client().queue("a").waiters:
            threading.Event().wait(0.002)


def test_it_works_with_asyncio(octostore: InMemoryOctoStore) -> None:
    async def work() -> int:
        async with octostore.async_client("ada").hold("a") as lock:
            return lock.fencing_token

    assert asyncio.run(work()) == 1


def test_a_client_of_your_own_reaches_it_with_a_token_that_it_has_given(octostore: InMemoryOctoStore) -> None:
    own = OctoStoreClient(octostore.base_url, octostore.token("carol"), opener=octostore.opener)
    assert own.acquire("a").holder == "carol"
    stranger = OctoStoreClient(octostore.base_url, "another", opener=octostore.opener)
    with pytest.raises(AuthenticationError):
        stranger.acquire("b")
    assert stranger.health() == "OK"


def test_what_it_leaves_out_says_so(octostore: InMemoryOctoStore) -> None:
    client = octostore.client()
    for call in (client.webhooks.list, lambda: next(client.watch("a")), client.rotate_token):
        with pytest.raises(ServerError, match="real server") as refused:
            call()
        assert (refused.value.status, refused.value.code) == (501, "not_in_double")
    with pytest.raises(ServerError, match="real server"):
        client.acquire("a", proof=True)


def test_handles_are_closed_by_their_blocks(octostore: InMemoryOctoStore) -> None:
    handle: LockHandle
    with octostore.client().hold("a") as handle:
        pass
    assert handle.lost.is_set() is False
    assert octostore.client("bob").acquire("a").status == "acquired"
