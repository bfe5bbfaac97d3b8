"""Elections, as the program sees them that takes part in one."""

from __future__ import annotations

import threading
from queue import Queue

import pytest

from conftest import WITHIN_SECONDS, eventually
from octostore import AuthenticationError, LockHandle, OctoStoreClient, Signal


class Leader:
    """Leads until it is told to stop."""

    def __init__(self) -> None:
        self.leading: Queue[LockHandle] = Queue()
        self.has_returned = threading.Event()

    def __call__(self, lock: LockHandle, stop: Signal) -> None:
        self.leading.put(lock)
        stop.wait()
        self.has_returned.set()

    def lock(self) -> LockHandle:
        return self.leading.get(timeout=WITHIN_SECONDS)


def test_the_end_of_the_block_stops_the_leader_and_then_releases(client: OctoStoreClient, name: str) -> None:
    leader = Leader()
    with client.elect(name, leader) as election:
        leader.lock()
        assert not election.join(0)
    assert leader.has_returned.is_set()
    assert election.join()
    assert client.lock_status(name).status == "available"


def test_an_exception_stops_the_election_and_passes_on(client: OctoStoreClient, name: str) -> None:
    leader = Leader()
    with pytest.raises(KeyError), client.elect(name, leader):
        raise KeyError(leader.lock())
    assert leader.has_returned.is_set()


def test_a_leader_that_returns_leads_again(client: OctoStoreClient, name: str) -> None:
    terms: Queue[int] = Queue()
    with client.elect(name, lambda lock, _: terms.put(lock.fencing_token)):
        first, second = (terms.get(timeout=WITHIN_SECONDS) for _ in range(2))
    assert first < second


def test_a_leader_may_lead_once_only(client: OctoStoreClient, name: str) -> None:
    terms: Queue[int] = Queue()
    assert client.elect(name, lambda lock, _: terms.put(lock.fencing_token), once=True).join()
    assert terms.qsize() == 1


def test_what_the_leader_raises_ends_the_election(client: OctoStoreClient, name: str) -> None:
    def lead(lock: LockHandle, stop: Signal) -> None:
        raise KeyError(lock.name)

    election = client.elect(name, lead)
    with pytest.raises(KeyError, match=name):
        election.join()
    assert client.lock_status(name).status == "available"


def test_a_leader_may_learn_of_the_loss_from_its_lock(client: OctoStoreClient, name: str) -> None:
    terms: Queue[LockHandle] = Queue()

    def lead(lock: LockHandle, stop: Signal) -> None:
        terms.put(lock)
        stop.wait()
        lock.raise_if_lost()

    with client.elect(name, lead, ttl_seconds=3):
        first = terms.get(timeout=WITHIN_SECONDS)
        client.release(name, first.lease_id)
        second = terms.get(timeout=WITHIN_SECONDS)
        assert first.is_lost
        assert first.fencing_token < second.fencing_token


def test_a_candidate_that_waits_can_be_stopped(
    client: OctoStoreClient, other: OctoStoreClient, name: str
) -> None:
    leader = Leader()
    with other.hold(name, ttl_seconds=60):
        election = client.elect(name, leader)
        eventually(lambda: other.lock_status(name).waiters == 1)
        election.stop()
        assert election.join(WITHIN_SECONDS)
    assert leader.leading.empty()


def test_an_election_ends_with_what_no_campaign_can_mend(base_url: str, name: str) -> None:
    stranger = OctoStoreClient(base_url, "not-a-token-of-anybody")
    with pytest.raises(AuthenticationError):
        stranger.elect(name, Leader()).join()


def test_the_end_is_told(client: OctoStoreClient, name: str) -> None:
    told: Queue[BaseException | None] = Queue()
    leader = Leader()
    with client.elect(name, leader, on_ended=told.put) as election:
        leader.lock()
        assert not election.ended.done()
    assert told.get(timeout=WITHIN_SECONDS) is None
    assert election.ended.result(WITHIN_SECONDS) is None


def test_an_error_that_is_told_is_not_logged(
    client: OctoStoreClient, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    told: Queue[BaseException | None] = Queue()
    election = client.elect(name, fail, on_ended=told.put)
    assert isinstance(told.get(timeout=WITHIN_SECONDS), OSError)
    assert isinstance(election.ended.exception(WITHIN_SECONDS), OSError)
    with pytest.raises(OSError, match="no disk"):
        client.elect(name, wait_and_fail).join(WITHIN_SECONDS)
    assert caplog.records == []


def test_an_error_that_no_one_waits_for_is_logged(
    client: OctoStoreClient, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    client.elect(name, fail)
    eventually(lambda: len(caplog.records) == 1)
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("octostore", "ERROR")
    assert name in record.getMessage()
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "no disk"


def fail(lock: LockHandle, stop: Signal) -> None:
    raise OSError("no disk")


def wait_and_fail(lock: LockHandle, stop: Signal) -> None:
    # The join begins meanwhile.
    stop.wait(0.5)
    raise OSError("no disk")
