"""Celery tasks under locks."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from celery import Celery  # type: ignore[import-untyped]

from conftest import eventually
from octostore import LockHeldError, OctoStoreClient
from octostore.contrib.celery import current_lock, locked_task
from test_prefork import WITHIN_SECONDS, done, server

app = Celery("tests", broker="memory://")
app.conf.task_always_eager = True
app.conf.task_eager_propagates = True


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_forked_workers_run_a_task_one_at_a_time(name: str, tmp_path: Path) -> None:
    options = ["worker", "--pool=prefork", "--concurrency=2", "--without-gossip", "--without-mingle"]
    command = ["celery", "--app=contrib_app:celery", *options, "--without-heartbeat"]
    with server(*command, name=name, folder=tmp_path) as (process, log):
        eventually(lambda: len(done(tmp_path)) == 8, WITHIN_SECONDS)
        assert len(set(done(tmp_path))) == 8, log.read_text()
        process.send_signal(signal.SIGTERM)
        process.wait(WITHIN_SECONDS)


def test_the_lock_has_the_name_of_the_arguments(client: OctoStoreClient, name: str) -> None:
    @app.task  # type: ignore[untyped-decorator]
    @locked_task(name + "/{report}/{part}")
    def build(report: int, part: str = "all") -> tuple[str, str]:
        lock = current_lock()
        return lock.name, client.lock_status(lock.name).status

    assert build.delay(7).get() == (f"{name}/7/all", "held")
    assert build.delay(7, part="b").get() == (f"{name}/7/b", "held")
    assert client.lock_status(f"{name}/7/all").status == "available"


def test_a_task_that_is_held_is_skipped(other: OctoStoreClient, name: str) -> None:
    @app.task  # type: ignore[untyped-decorator]
    @locked_task(name)
    def skipped() -> None:
        raise AssertionError

    with other.hold(name):
        assert skipped.delay().get() is None


def test_a_task_that_is_held_can_fail(other: OctoStoreClient, name: str) -> None:
    @app.task  # type: ignore[untyped-decorator]
    @locked_task(name, if_held="fail")
    def failed() -> None:
        raise AssertionError

    with other.hold(name), pytest.raises(LockHeldError):
        failed.delay()


def test_a_task_that_is_held_can_be_retried(
    client: OctoStoreClient, other: OctoStoreClient, name: str
) -> None:
    lock = other.hold(name)
    attempts: list[int] = []

    def client_of_the_attempt() -> OctoStoreClient:
        attempts.append(len(attempts))
        if len(attempts) == 2:
            lock.close()
        return client

    @app.task  # type: ignore[untyped-decorator]
    @locked_task(name, if_held="retry", retry_seconds=0, client=client_of_the_attempt)
    def retried() -> str:
        return current_lock().name

    with lock:
        assert retried.apply(throw=False).get() == name
    assert len(attempts) == 2


def test_a_task_that_is_sent_twice_runs_once(client: OctoStoreClient, name: str) -> None:
    runs: list[int] = []

    @app.task  # type: ignore[untyped-decorator]
    @locked_task(name, min_hold_seconds=60, client=lambda: client)
    def count() -> None:
        runs.append(current_lock().fencing_token)

    count.delay()
    count.delay()
    assert len(runs) == 1


def test_errors_of_the_task_are_its_own(client: OctoStoreClient, other: OctoStoreClient, name: str) -> None:
    @app.task  # type: ignore[untyped-decorator]
    @locked_task(name, client=client)
    def nested() -> None:
        client.hold(f"{name}/printer")

    with other.hold(f"{name}/printer"), pytest.raises(LockHeldError):
        nested.delay()


def test_misuse_says_what_to_do() -> None:
    with pytest.raises(RuntimeError, match="No lock is held here"):
        current_lock()

    async def later() -> None: ...

    with pytest.raises(TypeError, match="later is asynchronous"):
        locked_task("later")(later)
