"""Handles that are forgotten: they warn, and are not renewed."""

from __future__ import annotations

import gc
import threading
import warnings
import weakref

import pytest

from conftest import eventually
from octostore import LockHandle, OctoStoreClient


class Owner:
    """A program's object that holds a lock, and whose methods the lock calls."""

    def __init__(self, client: OctoStoreClient, name: str) -> None:
        self.lock = client.hold(name, ttl_seconds=3, on_lost=self.lost, on_release_requested=self.asked)

    def lost(self, lock: LockHandle) -> None:
        raise AssertionError(lock)

    def asked(self, lock: LockHandle, request: object) -> None:
        raise AssertionError(lock, request)


def test_a_forgotten_lock_warns_and_expires(client: OctoStoreClient, name: str) -> None:
    owner = Owner(client, name)
    this = weakref.ref(owner.lock)
    with pytest.warns(ResourceWarning, match=f'the lock "{name}" was never closed'):  # noqa: PT031
        del owner
        gc.collect()
    assert this() is None
    assert not [thread for thread in threading.enumerate() if name in thread.name and not is_ending(thread)]
    eventually(lambda: client.lock_status(name).status == "available")


def test_a_forgotten_session_warns_and_expires(client: OctoStoreClient) -> None:
    session = client.open_session(ttl_seconds=10)
    with pytest.warns(ResourceWarning, match=f"the session {session.session_id} was never closed"):  # noqa: PT031
        del session
        gc.collect()


def test_a_handle_that_was_closed_or_lost_does_not_warn(client: OctoStoreClient, name: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        client.hold(name, ttl_seconds=3).close()
        lost = client.hold(name, ttl_seconds=3)
        client.release(name, lost.lease_id)
        assert lost.lost.wait(10)
        del lost
        gc.collect()
    assert caught == []


def is_ending(thread: threading.Thread) -> bool:
    thread.join(10)
    return not thread.is_alive()
