"""Shared and counted locks, several under one lease, delays, requests to release, lines and fences."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import Queue

import pytest

from conftest import WITHIN_SECONDS, eventually
from octostore import (
    DelayedLockStatus,
    HeldLockStatus,
    LeaseLock,
    LockHandle,
    LockHeldError,
    NotFoundError,
    OctoStoreClient,
    PermissionDeniedError,
    ReleaseRequest,
    StaleTokenError,
    Trigger,
    ValidationError,
    WantedLock,
)


def test_many_share_a_lock(client: OctoStoreClient, other: OctoStoreClient, name: str) -> None:
    with client.hold(name, mode="shared") as mine, other.hold(name, mode="shared") as theirs:
        status = client.lock_status(name)
        assert isinstance(status, HeldLockStatus)
        assert (status.mode, status.holder_count) == ("shared", 2)
        tokens = [holder.fencing_token for holder in status.holders]
        assert tokens == [mine.fencing_token, theirs.fencing_token]
        assert [lock.lease_id for lock in client.list_locks(prefix=name)] == [mine.lease_id, None]


def test_leases_share_the_permits_of_a_counted_lock(client: OctoStoreClient, name: str) -> None:
    with client.hold(name, limit=3, permits=2) as two, client.hold(name, limit=3) as one:
        assert sorted(two.slots + one.slots) == [0, 1, 2]
        assert two.locks == (LeaseLock(name=name, mode="counted", limit=3, permits=2, slots=two.slots),)
        with pytest.raises(LockHeldError) as caught:
            client.hold(name, limit=3)
        assert caught.value.code == "lock_held"
        with pytest.raises(LockHeldError) as caught:
            client.hold(name, limit=4)
        assert (caught.value.code, caught.value.limit) == ("limit_mismatch", 3)
        status = client.lock_status(name)
        assert isinstance(status, HeldLockStatus)
        assert status.permits_in_use == 3


def test_those_who_asked_earlier_come_first(
    client: OctoStoreClient, other: OctoStoreClient, name: str
) -> None:
    cancel = Trigger()
    with client.hold(name, mode="shared"), ThreadPoolExecutor(1) as pool:
        asked: Queue[str] = Queue()
        waiting = pool.submit(other.hold, name, wait_seconds=60, on_ask=asked.put, cancel=cancel)
        eventually(lambda: client.lock_status(name).waiters == 1)
        with pytest.raises(LockHeldError) as caught:
            client.hold(name, mode="shared")
        assert (caught.value.code, caught.value.holder) == ("lock_queued", None)
        line = other.queue(name)
        assert (line.name, line.waiters, line.total) == (name, 1, 1)
        (place,) = line.queue
        lease_id = asked.get(timeout=WITHIN_SECONDS)
        assert (place.position, place.mode, place.asking) == (1, "exclusive", True)
        assert place.lease_id == lease_id
        cancel.set()
        assert waiting.exception(WITHIN_SECONDS) is not None
        other.leave_queue(name, lease_id)
        assert client.queue(name).total == 0


def test_several_locks_are_one_lease(client: OctoStoreClient, other: OctoStoreClient, name: str) -> None:
    wanted: list[str | WantedLock] = [f"{name}/a", WantedLock(name=f"{name}/b", mode="shared")]
    with client.hold_all(wanted, ttl_seconds=2) as locks:
        assert [(lock.name, lock.mode) for lock in locks.locks] == [
            (f"{name}/a", "exclusive"),
            (f"{name}/b", "shared"),
        ]
        with other.hold(f"{name}/b", mode="shared"), pytest.raises(LockHeldError) as caught:
            other.hold_all([f"{name}/a", f"{name}/c"])
        assert caught.value.lock == f"{name}/a"
        first = locks.remaining_seconds
        eventually(lambda: locks.remaining_seconds > first - 0.1)
        assert client.leases.get(locks.lease_id).locks == locks.locks
        assert client.leases.renew(locks.lease_id, 30).fencing_token == locks.fencing_token
    lease = client.acquire_all(wanted)
    client.leases.release(lease.lease_id)
    with pytest.raises(NotFoundError):
        client.leases.get(lease.lease_id)


@pytest.mark.parametrize("locks", [[], ["a//b"], [WantedLock(name="..")]])
def test_locks_that_cannot_be_wanted_are_refused(
    client: OctoStoreClient, locks: list[str | WantedLock]
) -> None:
    with pytest.raises(ValidationError):
        client.hold_all(locks)


def test_a_lock_can_be_converted(client: OctoStoreClient, other: OctoStoreClient, name: str) -> None:
    with client.hold(name, mode="shared") as lock:
        first = lock.fencing_token
        with other.hold(name, mode="shared"), pytest.raises(LockHeldError):
            lock.convert("exclusive")
        lock.convert("exclusive")
        assert lock.locks[0].mode == "exclusive"
        assert lock.fencing_token > first
        assert client.convert(name, lock.lease_id, "shared").mode == "shared"
        with pytest.raises(ValidationError, match="does not hold"):
            lock.convert("shared", f"{name}/other")


def test_a_conversion_may_learn_of_the_loss(client: OctoStoreClient, name: str) -> None:
    lock = client.hold(name, mode="shared")
    client.release(name, lock.lease_id)
    with pytest.raises(NotFoundError):
        lock.convert("exclusive")
    assert lock.is_lost


def test_a_lock_may_be_kept_from_everyone_for_a_while(client: OctoStoreClient, name: str) -> None:
    with client.hold(name, min_hold_seconds=30):
        pass
    status = client.lock_status(name)
    assert isinstance(status, DelayedLockStatus)
    assert status.waiters == 0
    with pytest.raises(LockHeldError) as caught:
        client.hold(name)
    assert (caught.value.code, caught.value.holder) == ("lock_delayed", None)
    assert caught.value.expires_at == status.available_at


def test_a_watch_shows_a_delayed_lock(client: OctoStoreClient, name: str) -> None:
    with client.hold(name, min_hold_seconds=30):
        pass
    with client.watch(name) as updates:
        update = next(updates)
        assert update.type == "state"
        assert isinstance(update.data, DelayedLockStatus)


@pytest.mark.parametrize(
    "options", [{"lock_delay_seconds": 61}, {"lock_delay_seconds": -1}, {"min_hold_seconds": 61}]
)
def test_delays_that_cannot_be_are_refused(
    client: OctoStoreClient, name: str, options: dict[str, int]
) -> None:
    with pytest.raises(ValidationError, match=next(iter(options))):
        client.acquire(name, ttl_seconds=60, **options)  # type: ignore[arg-type]


def test_a_holder_learns_of_a_request_to_release(
    client: OctoStoreClient, other: OctoStoreClient, name: str
) -> None:
    told: Queue[tuple[LockHandle, ReleaseRequest]] = Queue()
    with client.hold(name, ttl_seconds=2, on_release_requested=lambda *asked: told.put(asked)) as lock:
        assert lock.release_requested is None
        other.request_release(name, message="I am in a hurry")
        handle, request = told.get(timeout=WITHIN_SECONDS)
        assert handle is lock
        assert request.message == "I am in a hurry"
        assert lock.release_requested == request
        before = lock.keeper.certain_until
        eventually(lambda: lock.keeper.certain_until > before)
        assert told.empty()
    with pytest.raises(NotFoundError):
        other.request_release(name)


def test_only_administrators_break_locks(client: OctoStoreClient, name: str) -> None:
    with client.hold(name), pytest.raises(PermissionDeniedError):
        client.break_lock(name, reason="It hangs.")


def test_a_proof_is_renewed(client: OctoStoreClient, name: str) -> None:
    with client.hold(name, ttl_seconds=2, proof=True) as lock:
        first = lock.proof
        assert first is not None
        assert first.count(".") == 2
        eventually(lambda: lock.proof not in {None, first})
    with client.hold(name) as lock:
        assert lock.proof is None


def test_a_fence_refuses_lower_tokens(client: OctoStoreClient, name: str) -> None:
    assert client.fences.advance(name, 7).highest == 7
    assert client.fences.check(name, 7).highest == 7
    with pytest.raises(StaleTokenError) as caught:
        client.fences.advance(name, 6)
    assert (caught.value.type, caught.value.highest) == ("stale", 7)
    fence = client.fences.get(name)
    assert (fence.name, fence.highest) == (name, 7)
    with pytest.raises(ValidationError, match="fence name"):
        client.fences.get("a//b")
    with pytest.raises(ValidationError, match="fencing_token"):
        client.fences.advance(name, 0)
