"""A program whose module is loaded before its server forks, for `test_prefork`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from celery import Celery  # type: ignore[import-untyped]
from celery.signals import worker_ready  # type: ignore[import-untyped]

from octostore import LockHeldError, OctoStoreClient

NAME = os.environ["NAME"]

client = OctoStoreClient(release_on_exit=True)
lock = client.hold(NAME, ttl_seconds=60)


def work() -> str:
    """Say how it went: in a worker, the lock of the parent is not ours, and both kinds of clients work."""
    if not lock.is_lost:
        return "the lock of the parent seems to be ours"
    lock.close()
    for own in (client, OctoStoreClient()):
        with own.hold(f"{NAME}/{os.getpid()}", ttl_seconds=30):
            pass
        try:
            own.hold(NAME).release()
        except LockHeldError:
            continue
        return "the lock of the parent is not held"
    return "fine"


def app(_: object, respond: Callable[[str, list[tuple[str, str]]], object]) -> Iterable[bytes]:
    """Answer with what `work` says."""
    respond("200 OK", [("content-type", "text/plain")])
    return [work().encode()]


celery = Celery("prefork_app", broker="memory://")


@celery.task  # type: ignore[untyped-decorator]
def task(number: int) -> None:
    Path(os.environ["FOLDER"], str(number)).write_text(work())


@worker_ready.connect  # type: ignore[untyped-decorator]
def begin(**_: object) -> None:
    for number in range(8):
        task.delay(number)
