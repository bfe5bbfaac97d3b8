"""Closing, which takes no longer than what is left of the lease."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from conftest import WITHIN_SECONDS, eventually
from forwarder import Forwarder
from octostore import LockHandle, LockLostError, NetworkError, OctoStoreClient, RequestTimeoutError, Signal


@contextmanager
def takes(at_most: float) -> Iterator[None]:
    began_at = time.monotonic()
    yield
    assert time.monotonic() - began_at < at_most


@pytest.fixture
def far(forwarder: Forwarder) -> Iterator[OctoStoreClient]:
    """Reach the server over a network that can freeze."""
    with OctoStoreClient(forwarder.base_url) as client:
        yield client


def test_a_lock_that_cannot_be_released_is_given_up_with_its_lease(
    far: OctoStoreClient, forwarder: Forwarder, name: str
) -> None:
    lock = far.hold(name, ttl_seconds=2)
    forwarder.freeze()
    with takes(at_most=3.5):
        lock.close()


def test_a_release_by_hand_says_so(far: OctoStoreClient, forwarder: Forwarder, name: str) -> None:
    lock = far.hold(name, ttl_seconds=2)
    forwarder.freeze()
    with takes(at_most=3.5), pytest.raises((NetworkError, RequestTimeoutError)):
        lock.release()


def test_a_lock_that_was_lost_by_time_is_closed_at_once(
    far: OctoStoreClient, forwarder: Forwarder, name: str
) -> None:
    with closing(far.hold(name, ttl_seconds=2)) as lock:
        forwarder.freeze()
        assert lock.lost.wait(WITHIN_SECONDS)
        with takes(at_most=1):
            lock.close()


def test_a_lock_whose_session_is_lost_is_closed_at_once(
    far: OctoStoreClient, forwarder: Forwarder, name: str
) -> None:
    session = far.open_session(ttl_seconds=30)
    lock = far.hold(name, ttl_seconds=300, session=session)
    forwarder.freeze()
    ending = threading.Thread(target=session.close)
    ending.start()
    assert lock.lost.wait(WITHIN_SECONDS)
    with takes(at_most=1):
        lock.close()
    forwarder.thaw()
    ending.join()


def test_a_block_with_a_lost_lock_ends_at_once(far: OctoStoreClient, forwarder: Forwarder, name: str) -> None:
    lost_at = 0.0

    def wait_until_lost() -> None:
        nonlocal lost_at
        with far.hold(name, ttl_seconds=2) as lock:
            forwarder.freeze()
            assert lock.lost.wait(WITHIN_SECONDS)
            lost_at = time.monotonic()

    with pytest.raises(LockLostError, match="could not be renewed in time"):
        wait_until_lost()
    assert time.monotonic() - lost_at < 1


def test_an_election_stops_with_its_lease(far: OctoStoreClient, forwarder: Forwarder, name: str) -> None:
    is_leading = threading.Event()

    def lead(_: LockHandle, stop: Signal) -> None:
        is_leading.set()
        stop.wait()

    with far.elect(name, lead, ttl_seconds=2):
        assert is_leading.wait(WITHIN_SECONDS)
        forwarder.freeze()
        began_at = time.monotonic()
    assert time.monotonic() - began_at < 3.5


def test_an_election_that_campaigns_stops_at_once(
    far: OctoStoreClient, forwarder: Forwarder, other: OctoStoreClient, name: str
) -> None:
    with other.hold(name):
        with far.elect(name, lambda _, stop: stop.wait()):
            eventually(lambda: other.lock_status(name).waiters == 1)
            forwarder.freeze()
            began_at = time.monotonic()
        assert time.monotonic() - began_at < 2
