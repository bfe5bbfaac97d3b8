"""The client for asyncio."""

from __future__ import annotations

import asyncio
import inspect
import os
import time
from collections.abc import Awaitable, Callable

import pytest

from conftest import eventually
from forwarder import Forwarder
from octostore import (
    AsyncLockHandle,
    AsyncOctoStoreClient,
    AuthenticationError,
    LockHeldError,
    LockLostError,
    OctoStoreClient,
)


def run(main: Callable[[AsyncOctoStoreClient], Awaitable[None]], base_url: str | None = None) -> None:
    async def run_in_time() -> None:
        async with AsyncOctoStoreClient(base_url) as client:
            await asyncio.wait_for(main(client), 30)

    asyncio.run(run_in_time())


async def until(condition: Callable[[], bool]) -> None:
    await asyncio.to_thread(eventually, condition)


def is_free(client: OctoStoreClient, name: str) -> bool:
    return client.lock_status(name).status == "available"


def test_a_block_holds_a_lock(name: str) -> None:
    async def main(client: AsyncOctoStoreClient) -> None:
        async with client.hold(name, ttl_seconds=30) as lock:
            status = await client.lock_status(name)
            assert status.status == "held"
            assert status.lease_id == lock.lease_id
            assert lock.name in repr(lock)
            assert 20 < lock.remaining_seconds <= 30
            with pytest.raises(LockHeldError):
                await client.hold(name)
        assert (await client.lock_status(name)).status == "available"
        lock = await client.hold(name)
        await lock.release()
        assert [held.name for held in await client.list_locks(prefix=name)] == []

    run(main)


def test_an_exception_releases_and_passes_on(client: OctoStoreClient, name: str) -> None:
    async def main(aio: AsyncOctoStoreClient) -> None:
        async with aio.hold(name):
            raise KeyError(name)

    with pytest.raises(KeyError):
        run(main)
    assert is_free(client, name)


def test_a_lost_lock_is_no_success(client: OctoStoreClient, name: str) -> None:
    async def main(aio: AsyncOctoStoreClient) -> None:
        async with aio.hold(name, ttl_seconds=3) as lock:
            await aio.release(name, lock.lease_id)
            await lock.wait_lost()
            assert lock.is_lost
            with pytest.raises(LockLostError):
                lock.raise_if_lost()

    with pytest.raises(LockLostError, match=name):
        run(main)


def test_waiting_does_not_hold_up_the_loop(client: OctoStoreClient, name: str) -> None:
    async def main(aio: AsyncOctoStoreClient) -> None:
        theirs = client.hold(name)
        waiting = [asyncio.create_task(hold_briefly(aio)) for _ in range(40)]
        await until(lambda: client.lock_status(name).waiters == 40)
        assert await aio.health() == "OK"
        await asyncio.to_thread(theirs.release)
        await asyncio.gather(*waiting)

    async def hold_briefly(aio: AsyncOctoStoreClient) -> None:
        async with aio.hold(name, wait_seconds=60):
            pass

    run(main)


def test_a_cancelled_waiter_leaves_the_line(
    client: OctoStoreClient, other: OctoStoreClient, name: str
) -> None:
    async def main(aio: AsyncOctoStoreClient) -> None:
        for call in (lambda: aio.acquire(name, wait_seconds=60), lambda: hold(aio)):
            waiting = asyncio.create_task(call())
            await until(lambda: client.lock_status(name).waiters == 1)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            await until(lambda: client.lock_status(name).waiters == 0)

    async def hold(aio: AsyncOctoStoreClient) -> None:
        await aio.hold(name, wait_seconds=60)

    with other.hold(name):
        run(main)
    assert is_free(client, name)


def test_a_lock_that_was_granted_to_a_cancelled_task_is_released(
    client: OctoStoreClient, forwarder: Forwarder, name: str
) -> None:
    async def main(aio: AsyncOctoStoreClient) -> None:
        forwarder.lose_answers()
        waiting = asyncio.create_task(hold(aio))
        await until(lambda: not is_free(client, name))
        waiting.cancel()
        await until(lambda: is_free(client, name))

    async def hold(aio: AsyncOctoStoreClient) -> None:
        await aio.hold(name)

    run(main, forwarder.base_url)


def test_cancelling_at_any_moment_leaves_no_lock(client: OctoStoreClient, name: str) -> None:
    async def main(aio: AsyncOctoStoreClient) -> None:
        for number in range(40):
            task = asyncio.create_task(hold(aio, f"{name}/{number}"))
            await asyncio.sleep(number / 1000)
            task.cancel()
            await asyncio.wait([task])
        await until(lambda: client.list_locks(prefix=name) == [])

    async def hold(aio: AsyncOctoStoreClient, lock: str) -> None:
        async with aio.hold(lock, ttl_seconds=3600):
            pass

    run(main)


def test_sessions_and_several_locks(name: str) -> None:
    async def main(client: AsyncOctoStoreClient) -> None:
        async with client.open_session(ttl_seconds=30) as session:
            locks = await client.hold_all([f"{name}/a", f"{name}/b"], session=session)
            assert (await client.session_status(session.session_id)).active
            assert [lock.name for lock in locks.locks] == [f"{name}/a", f"{name}/b"]
        await locks.wait_lost()
        await locks.close()

    run(main)


def test_a_leader_is_cancelled_and_ends_before_the_lock_is_released(
    client: OctoStoreClient, name: str
) -> None:
    seen: list[str] = []

    async def lead(lock: AsyncLockHandle) -> None:
        try:
            seen.append("leads")
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.2)
            seen.append(client.lock_status(lock.name).status)

    async def main(aio: AsyncOctoStoreClient) -> None:
        election = asyncio.create_task(aio.elect(name, lead))
        await until(lambda: seen == ["leads"])
        election.cancel()
        with pytest.raises(asyncio.CancelledError):
            await election
        assert seen == ["leads", "held"]
        assert is_free(client, name)

    run(main)


def test_a_leader_that_loses_the_lock_leads_again(client: OctoStoreClient, name: str) -> None:
    terms: list[int] = []

    async def lead(lock: AsyncLockHandle) -> None:
        terms.append(lock.fencing_token)
        if len(terms) == 1:
            client.release(name, lock.lease_id)
            await asyncio.Event().wait()

    async def main(aio: AsyncOctoStoreClient) -> None:
        election = asyncio.create_task(aio.elect(name, lead, ttl_seconds=3))
        await until(lambda: len(terms) > 1)
        election.cancel()
        await asyncio.wait([election])

    run(main)
    assert terms == sorted(set(terms))


def test_errors_end_an_election(base_url: str, name: str) -> None:
    async def fail(lock: AsyncLockHandle) -> None:
        raise OSError("no disk")

    async def main(client: AsyncOctoStoreClient) -> None:
        with pytest.raises(OSError, match="no disk"):
            await client.elect(name, fail)
        stranger = AsyncOctoStoreClient(base_url, "not-a-token")
        with pytest.raises(AuthenticationError):
            await stranger.elect(name, fail)

    run(main)


def test_a_step_of_a_watch_that_is_cancelled_loses_nothing(client: OctoStoreClient, name: str) -> None:
    async def main(aio: AsyncOctoStoreClient) -> None:
        async with aio.watch(name) as updates:
            assert (await anext(updates)).type == "state"
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(anext(updates), 0.1)
            async with aio.hold(name):
                seen = [(await anext(updates)).type]
            async for update in updates:
                seen.append(update.type)
                break
            assert seen == ["acquired", "released"]

    run(main)


def test_fences_and_leases(name: str) -> None:
    async def main(client: AsyncOctoStoreClient) -> None:
        lease = await client.acquire_all([name])
        assert (await client.fences.advance(name, lease.fencing_token)).highest == lease.fencing_token
        await client.leases.release(lease.lease_id)
        assert await client.webhooks.list() == []

    run(main)


def test_a_hanging_close_does_not_hold_up_the_loop(forwarder: Forwarder, name: str) -> None:
    async def main(client: AsyncOctoStoreClient) -> None:
        lock = await client.hold(name, ttl_seconds=3)
        forwarder.freeze()
        began_at = time.monotonic()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(lock.close(), 0.2)
        assert time.monotonic() - began_at < 2

    run(main, forwarder.base_url)


def test_it_has_every_call_of_the_blocking_client() -> None:
    blocking = {name for name in vars(OctoStoreClient) if not name.startswith("_")} - {"close"}
    assert blocking <= set(vars(AsyncOctoStoreClient))
    for name in blocking:
        asynchronous = inspect.signature(getattr(AsyncOctoStoreClient, name))
        assert "self" in asynchronous.parameters, name


def test_its_text_form_has_no_token(base_url: str) -> None:
    client = AsyncOctoStoreClient(base_url)
    assert repr(client) == f"AsyncOctoStoreClient({base_url!r})"
    assert os.environ["OCTOSTORE_TOKEN"] not in repr(client)
