"""Forked children: they never hang, and leave what their parents hold alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from conftest import WITHIN_SECONDS, eventually, started
from octostore import Election, LockHandle, LockLostError, LostError, OctoStoreClient, Signal
from octostore._timers import TIMERS
from octostore._transport import Transport

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here"),
    # From Python 3.12 on, it warns of what these tests are about.
    pytest.mark.filterwarnings("ignore:.*is multi-threaded:DeprecationWarning"),
]

FORKS = 300

LOOP = f"""
import os, threading, time, traceback
from octostore import OctoStoreClient

def check(lock, shared):
    own = OctoStoreClient()
    assert own.health() == shared.health() == "OK"
    assert lock.is_lost and lock.remaining_seconds == 0
    lock.close()

def fork(lock, shared):
    pid = os.fork()
    if pid != 0:
        return pid
    try:
        check(lock, shared)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)

def request(client):
    while True:
        client.health()

client = OctoStoreClient()
for _ in range(2):
    threading.Thread(target=request, args=[client], daemon=True).start()
lock = client.hold(name, ttl_seconds=30)
until = time.monotonic() + 150
for _ in range({FORKS} // 10):
    children = {{fork(lock, client) for _ in range(10)}}
    while children and time.monotonic() < until:
        for child in list(children):
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid != 0:
                children.discard(child)
                assert status == 0, status
        time.sleep(0.001)
    for child in children:
        os.kill(child, 9)
    assert not children, f"{{len(children)}} children hang"
assert not lock.is_lost
lock.release()
print("whole")
"""

FORKING = """
import os, sys, time
from octostore import OctoStoreClient

client = OctoStoreClient(release_on_exit=True)
"""

UNWINDING = """
with client.hold(name, ttl_seconds=60) as lock:
    child = os.fork()
    if child == 0:
        leave()
    else:
        assert os.waitpid(child, 0)[1] == 7 << 8
        print("gone", flush=True)
        input()
if child == 0:
    sys.exit(7)
"""

TERMINATED = """
with client.hold(name, ttl_seconds=60) as lock:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"!")
        time.sleep(60)
        os._exit(1)
    # A signal that arrives during a fork would be forgotten.
    os.read(reading, 1)
    os.kill(child, 15)
    assert os.waitpid(child, 0)[1] == 15
    print("gone", flush=True)
    input()
"""


# It is quick, but not on a machine that is busy.
@pytest.mark.timeout(180)
def test_children_of_a_process_with_busy_threads_never_hang(name: str) -> None:
    program = [sys.executable, "-c", f"name = {name!r}\n{LOOP}"]
    done = subprocess.run(program, timeout=170, check=False, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("whole\n", 0), done.stderr


def test_a_child_does_not_inherit_the_lock_of_the_timers_from_another_thread(client: OctoStoreClient) -> None:
    with held_elsewhere(TIMERS._changed):  # noqa: SLF001
        assert in_child(lambda: OctoStoreClient().health() == client.health() == "OK")


def test_a_child_can_use_a_client_with_all_its_locks_held(base_url: str, name: str) -> None:
    with OctoStoreClient(base_url, lambda: os.environ["OCTOSTORE_TOKEN"]) as client:
        turn = client._caller.bearer._turn  # noqa: SLF001
        transport = client._transport  # noqa: SLF001
        assert isinstance(transport, Transport)
        connections = next(iter(transport._connections.values()))  # noqa: SLF001
        with held_elsewhere(turn), held_elsewhere(connections._lock):  # noqa: SLF001
            assert in_child(lambda: client.acquire(name, ttl_seconds=1).status == "acquired")


def test_a_handle_belongs_to_the_process_that_opened_it(client: OctoStoreClient, name: str) -> None:
    def says_so(lock: LockHandle) -> bool:
        calls: list[Callable[[], object]] = [
            lock.raise_if_lost,
            lock.release,
            lambda: lock.convert("shared"),
        ]
        for call in calls:
            with pytest.raises(LockLostError, match=rf'"{name}" is not yours: process {os.getppid()} '):
                call()
        lock.close()
        return lock.is_lost and lock.remaining_seconds == 0 and f"process {os.getppid()}" in repr(lock)

    with client.hold(name, ttl_seconds=3) as lock:
        assert in_child(lambda: says_so(lock))
        with held_elsewhere(lock._ending), held_elsewhere(lock.keeper._lock):  # noqa: SLF001
            assert in_child(lambda: says_so(lock))
        assert not lock.is_lost
        assert holds(client, lock)


@pytest.mark.parametrize("leave", ["sys.exit(7)", "pass"], ids=["exits", "falls-out"])
def test_a_child_that_unwinds_releases_nothing(client: OctoStoreClient, name: str, leave: str) -> None:
    program = f"name = {name!r}\n{FORKING}def leave():\n    {leave}\n{UNWINDING}"
    with started(program) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "gone\n"
        assert client.lock_status(name).status == "held"
        process.communicate("\n", timeout=WITHIN_SECONDS)
        assert process.returncode == 0
    assert client.lock_status(name).status == "available"


def test_a_child_that_is_terminated_releases_nothing(client: OctoStoreClient, name: str) -> None:
    with started(f"name = {name!r}\n{FORKING}{TERMINATED}") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "gone\n"
        assert client.lock_status(name).status == "held"
        process.terminate()
        assert process.wait(WITHIN_SECONDS) == -signal.SIGTERM
    assert client.lock_status(name).status == "available"


def test_sessions_and_watches_and_elections_belong_to_their_process(
    client: OctoStoreClient, name: str
) -> None:
    is_leading = threading.Event()

    def lead(_: LockHandle, stop: Signal) -> None:
        is_leading.set()
        stop.wait()

    def says_so(election: Election) -> bool:
        for call in (session.end, election.join, lambda: next(watch)):
            with pytest.raises(LostError):
                call()
        session.close()
        watch.close()
        election.stop()
        election.__exit__(None, None, None)
        return f"process {os.getppid()}" in repr(election) and f"process {os.getppid()}" in repr(session)

    with client.open_session() as session, client.watch(name) as watch:
        assert next(watch).type == "state"
        with client.elect(name, lead) as election:
            assert is_leading.wait(WITHIN_SECONDS)
            assert in_child(lambda: says_so(election))
            assert next(watch).type == "acquired"
            assert client.session_status(session.session_id).active


def test_the_child_of_a_leader_that_forks_does_not_campaign(client: OctoStoreClient, name: str) -> None:
    exits: list[int] = []

    def lead(_: LockHandle, stop: Signal) -> None:
        child = os.fork()
        if child == 0:
            signal.alarm(int(WITHIN_SECONDS))
        else:
            exits.append(os.waitpid(child, 0)[1])
            stop.wait()

    with client.elect(name, lead):
        eventually(lambda: exits == [0])


def test_multiprocessing(client: OctoStoreClient, name: str) -> None:
    context = multiprocessing.get_context("fork")
    told: multiprocessing.SimpleQueue[str] = context.SimpleQueue()

    def work(lock: LockHandle) -> None:
        try:
            lock.raise_if_lost()
        except LockLostError:
            with client.hold(f"{name}/child") as own:
                told.put(own.name)

    with client.hold(name) as lock:
        child = context.Process(target=work, args=[lock])
        child.start()
        child.join(WITHIN_SECONDS)
        assert child.exitcode == 0
        assert told.get() == f"{name}/child"
        assert holds(client, lock)


def holds(client: OctoStoreClient, lock: LockHandle) -> bool:
    status = client.lock_status(lock.name)
    return status.status == "held" and status.lease_id == lock.lease_id


@contextmanager
def held_elsewhere(lock: AbstractContextManager[object]) -> Iterator[None]:
    """Let another thread hold a lock during a fork."""
    is_held, is_over = threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            is_held.set()
            is_over.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(WITHIN_SECONDS)
    try:
        yield
    finally:
        is_over.set()
        holder.join()


def in_child(check: Callable[[], bool]) -> bool:
    """Whether a check succeeds in a forked child. A child that hangs is killed."""
    pid = os.fork()
    if pid == 0:
        status = 2
        try:
            signal.alarm(int(WITHIN_SECONDS))
            status = 0 if check() else 1
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1] == 0
