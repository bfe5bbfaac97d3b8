"""The tests use a real server, which the runner of the conformance suite starts."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from forwarder import Forwarder
from octostore import OctoStoreClient

WITHIN_SECONDS = 10.0


@pytest.fixture(scope="session")
def base_url() -> str:
    if "OCTOSTORE_BASE_URL" not in os.environ:
        pytest.fail("Run the tests by: npm run conformance -- --sdk python")
    return os.environ["OCTOSTORE_BASE_URL"]


@pytest.fixture
def client(base_url: str) -> Iterator[OctoStoreClient]:
    with OctoStoreClient(base_url) as client:
        yield client


@pytest.fixture
def other(base_url: str) -> Iterator[OctoStoreClient]:
    """Another user."""
    with OctoStoreClient(base_url, os.environ["OCTOSTORE_OTHER_TOKEN"]) as client:
        yield client


@pytest.fixture
def forwarder(base_url: str) -> Iterator[Forwarder]:
    with Forwarder(base_url) as forwarder:
        yield forwarder


@pytest.fixture
def name() -> str:
    return f"python/{uuid.uuid4()}"


@pytest.fixture(autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    yield
    eventually(lambda: not [thread for thread in threading.enumerate() if _is_left_behind(thread)])


@contextmanager
def started(program: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program until the end of the block, which kills it at the latest."""
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def eventually(condition: Callable[[], bool], within_seconds: float = WITHIN_SECONDS) -> None:
    """Wait until something is so; fail if it is not in time."""
    until = time.monotonic() + within_seconds
    while not condition():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.02)


def _is_left_behind(thread: threading.Thread) -> bool:
    return thread.name.startswith("octostore-") and thread.name != "octostore-timers"
