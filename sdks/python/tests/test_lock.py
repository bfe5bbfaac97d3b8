"""Lock handles, as the program sees them that holds one."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import closing, suppress
from queue import Queue

import pytest

from conftest import WITHIN_SECONDS, eventually
from octostore import (
    LockHandle,
    LockHeldError,
    LockLostError,
    LostError,
    NotFoundError,
    OctoStoreClient,
    Trigger,
)


def is_free(client: OctoStoreClient, name: str) -> bool:
    return client.lock_status(name).status == "available"


def waiters(client: OctoStoreClient, name: str) -> int:
    return client.lock_status(name).waiters


def test_the_end_of_the_block_releases(client: OctoStoreClient, name: str) -> None:
    with client.hold(name, ttl_seconds=30) as lock:
        assert not is_free(client, name)
        assert lock.name == name
        assert 25 < lock.remaining_seconds <= 30
        lock.raise_if_lost()
    assert is_free(client, name)
    assert not lock.is_lost
    assert not lock.lost.is_set()


def test_an_exception_releases_and_passes_on(client: OctoStoreClient, name: str) -> None:
    with pytest.raises(KeyError), client.hold(name):
        raise KeyError
    assert is_free(client, name)


def test_a_lock_can_be_released_within_its_block(client: OctoStoreClient, name: str) -> None:
    with client.hold(name) as lock:
        lock.release()
        assert is_free(client, name)


def test_the_loss_is_told_in_every_way(client: OctoStoreClient, name: str) -> None:
    told: Queue[LockHandle] = Queue()
    with closing(client.hold(name, ttl_seconds=3, on_lost=told.put)) as lock:
        client.release(name, lock.lease_id)
        assert lock.lost.wait(WITHIN_SECONDS)
        assert told.get(timeout=WITHIN_SECONDS) is lock
        assert lock.is_lost
        assert lock.remaining_seconds == 0
        with pytest.raises(LostError, match="has ended on the server") as caught:
            lock.raise_if_lost()
    assert caught.value.code == "lock_not_found"


def test_a_callback_that_blocks_holds_up_no_signal(client: OctoStoreClient, name: str) -> None:
    going_on = threading.Event()
    with (
        closing(client.hold(f"{name}/a", ttl_seconds=3, on_lost=lambda _: going_on.wait())) as first,
        closing(client.hold(f"{name}/b", ttl_seconds=3)) as second,
    ):
        for lock in (first, second):
            client.release(lock.name, lock.lease_id)
            assert lock.lost.wait(WITHIN_SECONDS)
    going_on.set()


def test_a_handle_may_be_closed_by_many_threads(client: OctoStoreClient, name: str) -> None:
    lock = client.hold(name)
    with ThreadPoolExecutor(8) as pool:
        for closing in [pool.submit(lock.close) for _ in range(8)]:
            closing.result(WITHIN_SECONDS)
    assert is_free(client, name)


def test_many_threads_share_a_client(client: OctoStoreClient, name: str) -> None:
    counter = 0

    def count() -> None:
        nonlocal counter
        with client.hold(name, ttl_seconds=30, wait_seconds=60):
            seen = counter
            client.health()
            counter = seen + 1

    with ThreadPoolExecutor(8) as pool:
        for counting in [pool.submit(count) for _ in range(16)]:
            counting.result(60)
    assert counter == 16


def test_a_trigger_gives_up_an_acquire_that_waits(
    client: OctoStoreClient, other: OctoStoreClient, name: str
) -> None:
    cancel = Trigger()
    with other.hold(name, ttl_seconds=60), ThreadPoolExecutor(1) as pool:
        holding = pool.submit(client.hold, name, wait_seconds=600, cancel=cancel)
        eventually(lambda: waiters(client, name) == 1)
        cancel.set()
        with pytest.raises(CancelledError):
            holding.result(WITHIN_SECONDS)
        eventually(lambda: waiters(client, name) == 0)


def test_a_trigger_that_is_set_gives_up_before_anything_is_sent(client: OctoStoreClient, name: str) -> None:
    cancel = Trigger()
    cancel.set()
    with pytest.raises(CancelledError):
        client.acquire(name, cancel=cancel)


def test_giving_up_at_any_moment_leaves_no_lock(client: OctoStoreClient, name: str) -> None:
    def hold(lock: str, cancel: Trigger) -> None:
        with suppress(CancelledError), client.hold(lock, ttl_seconds=3600, cancel=cancel):
            pass

    with ThreadPoolExecutor(1) as pool:
        for number in range(40):
            cancel = Trigger()
            holding = pool.submit(hold, f"{name}/{number}", cancel)
            time.sleep(number / 4000)
            cancel.set()
            holding.result(WITHIN_SECONDS)
    eventually(lambda: client.list_locks(prefix=name) == [])


def test_an_interrupt_gives_up_an_acquire_that_waits(
    client: OctoStoreClient, other: OctoStoreClient, name: str
) -> None:
    def interrupt() -> None:
        eventually(lambda: waiters(other, name) == 1)
        os.kill(os.getpid(), signal.SIGINT)

    with other.hold(name, ttl_seconds=60):
        interrupting = threading.Thread(target=interrupt)
        interrupting.start()
        with pytest.raises(KeyboardInterrupt):
            client.hold(name, wait_seconds=600)
        interrupting.join()
        eventually(lambda: waiters(other, name) == 0)


def test_the_error_says_who_holds_the_lock(
    client: OctoStoreClient, other: OctoStoreClient, name: str
) -> None:
    with other.hold(name, metadata="worker-7") as theirs:
        with pytest.raises(LockHeldError) as caught:
            client.hold(name)
        status = client.lock_status(name)
    assert status.status == "held"
    assert status.fencing_token == theirs.fencing_token
    assert caught.value.holder == status.holder
    assert caught.value.expires_at == status.expires_at
    assert caught.value.metadata == "worker-7"


def test_a_lost_lock_is_no_success(client: OctoStoreClient, name: str) -> None:
    with pytest.raises(LockLostError, match=f'"{name}" is lost') as caught:
        lose_it(client, name)
    assert (caught.value.type, caught.value.lock, caught.value.code) == ("lost", name, "lock_not_found")
    assert isinstance(caught.value.__cause__, NotFoundError)


def test_the_error_of_the_block_has_the_loss_as_its_context(client: OctoStoreClient, name: str) -> None:
    with pytest.raises(KeyError) as caught:
        lose_it(client, name, KeyError(name))
    assert isinstance(caught.value.__context__, LockLostError)


def test_the_context_of_the_error_of_the_block_stays(client: OctoStoreClient, name: str) -> None:
    error = KeyError(name)
    error.__context__ = ValueError("first")
    with pytest.raises(KeyError) as caught:
        lose_it(client, name, error)
    assert isinstance(caught.value.__context__, ValueError)
    assert isinstance(caught.value.__context__.__context__, LockLostError)


def test_a_lost_lock_that_was_closed_in_its_block_is_no_error(client: OctoStoreClient, name: str) -> None:
    with client.hold(name, ttl_seconds=3) as lock:
        client.release(name, lock.lease_id)
        assert lock.lost.wait(WITHIN_SECONDS)
        lock.close()


def lose_it(client: OctoStoreClient, name: str, error: Exception | None = None) -> None:
    with client.hold(name, ttl_seconds=3) as lock:
        client.release(name, lock.lease_id)
        assert lock.lost.wait(WITHIN_SECONDS)
        if error is not None:
            raise error
