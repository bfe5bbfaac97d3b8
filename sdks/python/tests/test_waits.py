"""Waits, which outlast failures."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import WITHIN_SECONDS, eventually
from forwarder import Forwarder
from octostore import LockHeldError, OctoStoreClient, ValidationError


def test_a_waiter_outlasts_many_broken_connections(
    forwarder: Forwarder, other: OctoStoreClient, name: str
) -> None:
    theirs = other.hold(name)
    with OctoStoreClient(forwarder.base_url) as client, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.acquire, name, wait_seconds=60)
        for number in range(1, 7):
            eventually(lambda: forwarder.accepted >= number and forwarder.connections == 1)  # noqa: B023
            forwarder.cut()
        eventually(lambda: other.lock_status(name).waiters == 1)
        theirs.release()
        client.release(name, waiting.result(WITHIN_SECONDS).lease_id)


def test_a_waiter_outlasts_an_outage(forwarder: Forwarder, other: OctoStoreClient, name: str) -> None:
    theirs = other.hold(name)
    with OctoStoreClient(forwarder.base_url) as client, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.hold, name, wait_seconds=60)
        eventually(lambda: other.lock_status(name).waiters == 1)
        forwarder.listen(are_accepted=False)
        forwarder.cut()
        refused = forwarder.accepted
        eventually(lambda: forwarder.accepted >= refused + 5)
        forwarder.listen(are_accepted=True)
        eventually(lambda: other.lock_status(name).waiters == 1)
        theirs.release()
        waiting.result(WITHIN_SECONDS).release()


def test_a_wait_takes_several_requests_and_ends_in_time(
    client: OctoStoreClient, other: OctoStoreClient, name: str
) -> None:
    with other.hold(name):
        began_at = time.monotonic()
        with pytest.raises(LockHeldError) as caught:
            client.hold(name, wait_seconds=2.5, wait_slice_seconds=1)
        assert 2.4 < time.monotonic() - began_at < 6
    assert caught.value.position is not None


@pytest.mark.parametrize("seconds", [0, 0.5, 61, float("nan")])
def test_a_slice_that_cannot_be_one_is_refused(seconds: float, name: str) -> None:
    with pytest.raises(ValidationError, match="from 1 to 60"):
        OctoStoreClient(wait_slice_seconds=seconds)
    with pytest.raises(ValidationError, match="from 1 to 60"):
        OctoStoreClient().acquire(name, wait_slice_seconds=seconds)
