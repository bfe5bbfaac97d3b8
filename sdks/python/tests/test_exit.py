"""The end of the process: background threads do not hold it up, and locks are released."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from conftest import WITHIN_SECONDS, eventually, started
from forwarder import Forwarder
from octostore import OctoStoreClient

BEGIN = """
import atexit, os, signal, sys, threading, time
from octostore import OctoStoreClient
"""

WITHIN_BLOCK = """
with OctoStoreClient().hold(name, ttl_seconds=60):
    raise SystemExit(7)
"""

AT_EXIT = """
lock = OctoStoreClient().hold(name, ttl_seconds=60)
atexit.register(lock.close)
raise SystemExit(7)
"""

BY_OPTION = """
lock = OctoStoreClient(release_on_exit=True).hold(name, ttl_seconds=60)
raise SystemExit(7)
"""

BY_OPTION_WITH_A_SESSION = """
client = OctoStoreClient(release_on_exit=True)
session = client.open_session()
lock = client.hold(name, ttl_seconds=60, session=session)
raise SystemExit(7)
"""

HOLDING = """
lock = OctoStoreClient(release_on_exit=True).hold(name, ttl_seconds=60)
"""

SLEEPING = """
print("held", flush=True)
time.sleep(60)
"""

WITH_A_HANDLER = """
def stop(*_):
    print("handled", flush=True)
    sys.exit(7)
signal.signal(signal.SIGTERM, stop)
"""

LEADING = """
def lead(lock, stop):
    print("held", flush=True)
    stop.wait()
election = OctoStoreClient(release_on_exit=True).elect(name, lead)
time.sleep(60)
"""

ACQUIRING = """
OctoStoreClient().hold(name)
"""


def program(name: str, *parts: str) -> str:
    return "".join((BEGIN, f"name = {name!r}\n", *parts))


@pytest.mark.parametrize(
    "part",
    [WITHIN_BLOCK, AT_EXIT, BY_OPTION, BY_OPTION_WITH_A_SESSION],
    ids=["within-a-block", "at-exit", "by-option", "by-option-with-a-session"],
)
def test_a_process_that_ends_releases(client: OctoStoreClient, name: str, part: str) -> None:
    process = subprocess.run(
        [sys.executable, "-c", program(name, part)], timeout=30, check=False, capture_output=True
    )
    assert (process.returncode, process.stderr) == (7, b"")
    assert client.lock_status(name).status == "available"


@pytest.mark.parametrize("part", [HOLDING + SLEEPING, LEADING], ids=["handle", "election"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["terminated", "interrupted"])
def test_a_process_that_is_stopped_releases(
    client: OctoStoreClient, name: str, part: str, number: signal.Signals
) -> None:
    with started(program(name, part)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        process.send_signal(number)
        assert process.wait(WITHIN_SECONDS) == -number
    assert client.lock_status(name).status == "available"


@pytest.mark.parametrize(
    "parts", [(WITH_A_HANDLER, HOLDING), (HOLDING, WITH_A_HANDLER)], ids=["before", "after"]
)
def test_a_handler_of_the_program_stays_in_charge(
    client: OctoStoreClient, name: str, parts: tuple[str, ...]
) -> None:
    with started(program(name, *parts, SLEEPING)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        process.terminate()
        assert process.stdout.readline() == "handled\n"
        assert process.wait(WITHIN_SECONDS) == 7
    assert client.lock_status(name).status == "available"


def test_an_exit_takes_a_second_at_most(forwarder: Forwarder, name: str) -> None:
    place = f"os.environ['OCTOSTORE_BASE_URL'] = {forwarder.base_url!r}\n"
    with started(program(name, place, HOLDING, SLEEPING)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        forwarder.freeze()
        began_at = time.monotonic()
        process.terminate()
        assert process.wait(WITHIN_SECONDS) == -signal.SIGTERM
        assert time.monotonic() - began_at < 2.5


def test_without_the_option_a_signal_leaves_the_lock(client: OctoStoreClient, name: str) -> None:
    part = HOLDING.replace("release_on_exit=True", "")
    with started(program(name, part, SLEEPING)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        process.terminate()
        assert process.wait(WITHIN_SECONDS) == -signal.SIGTERM
    assert client.lock_status(name).status == "held"


def test_an_interrupted_acquire_leaves_no_lock(
    client: OctoStoreClient, forwarder: Forwarder, name: str
) -> None:
    place = f"os.environ['OCTOSTORE_BASE_URL'] = {forwarder.base_url!r}\n"
    forwarder.lose_answers()
    with started(program(name, place, ACQUIRING)) as process:
        eventually(lambda: client.lock_status(name).status == "held")
        process.send_signal(signal.SIGINT)
        assert process.wait(WITHIN_SECONDS) == -signal.SIGINT
    assert client.lock_status(name).status == "available"
