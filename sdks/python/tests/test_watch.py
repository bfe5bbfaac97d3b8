"""Watches, as the program sees them that iterates over one."""

from __future__ import annotations

from concurrent import futures
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import WITHIN_SECONDS, eventually
from forwarder import Forwarder
from octostore import OctoStoreClient


def test_the_end_of_the_block_ends_the_watch(forwarder: Forwarder, name: str) -> None:
    with OctoStoreClient(forwarder.base_url).watch(name) as updates:
        for update in updates:
            assert update.type == "state"
            assert update.data.status == "available"
            break
        assert forwarder.connections == 1
    assert next(updates, None) is None
    eventually(lambda: forwarder.connections == 0)


def test_a_watch_that_is_dropped_ends(forwarder: Forwarder, name: str) -> None:
    for update in OctoStoreClient(forwarder.base_url).watch_prefix(name):
        assert update.type == "state"
        break
    eventually(lambda: forwarder.connections == 0)


def test_another_thread_may_end_an_iteration_that_waits(client: OctoStoreClient, name: str) -> None:
    updates = client.watch(name)
    assert next(updates).type == "state"
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(next, updates, None)
        with pytest.raises(futures.TimeoutError):
            waiting.result(0.1)
        updates.close()
        assert waiting.result(WITHIN_SECONDS) is None


def test_a_watch_that_was_ended_before_it_began_gives_nothing(client: OctoStoreClient, name: str) -> None:
    updates = client.watch(name)
    updates.close()
    updates.close()
    assert list(updates) == []


def test_a_watch_goes_on_when_its_connection_breaks(
    client: OctoStoreClient, forwarder: Forwarder, name: str
) -> None:
    with OctoStoreClient(forwarder.base_url).watch(name) as updates:
        assert next(updates).type == "state"
        with client.hold(name) as lock:
            acquired = next(updates)
            forwarder.cut()
        released = next(updates)
    assert acquired.type == "acquired"
    assert acquired.data.fencing_token == lock.fencing_token
    assert released.type == "released"


def test_a_watch_may_be_silent_longer_than_an_attempt_may_take(
    client: OctoStoreClient, forwarder: Forwarder, name: str
) -> None:
    with (
        OctoStoreClient(forwarder.base_url, timeout_seconds=1.5).watch(name) as updates,
        ThreadPoolExecutor(1) as pool,
    ):
        assert next(updates).type == "state"
        waiting = pool.submit(next, updates)
        with pytest.raises(futures.TimeoutError):
            waiting.result(2)
        client.hold(name).release()
        assert waiting.result(WITHIN_SECONDS).type == "acquired"
    assert forwarder.accepted == 1


def test_a_watch_may_name_its_events(client: OctoStoreClient, other: OctoStoreClient, name: str) -> None:
    with client.watch(name, events=["release_requested"]) as updates:
        assert next(updates).type == "state"
        with client.hold(name, limit=2, permits=2):
            other.request_release(name, message="Please.")
            update = next(updates)
    assert update.type == "release_requested"
    event = update.data
    assert (event.mode, event.limit, event.slots, event.message) == ("counted", 2, (0, 1), "Please.")
    assert event.requested_by
    assert event.expires_at is not None
