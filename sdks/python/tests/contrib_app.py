"""Tasks for `test_contrib_celery`."""

from __future__ import annotations

import os
import time
from pathlib import Path

from celery import Celery  # type: ignore[import-untyped]
from celery.signals import worker_ready  # type: ignore[import-untyped]

from octostore.contrib.celery import current_lock, default_client, locked_task

NAME = os.environ["NAME"]
FOLDER = Path(os.environ["FOLDER"])

default_client()  # Loaded before the workers are forked.

celery = Celery("contrib_app", broker="memory://")


@celery.task  # type: ignore[untyped-decorator]
@locked_task(f"{NAME}/{{kind}}", wait_seconds=40)
def task(kind: str, number: int) -> None:
    with (FOLDER / kind).open("x"):
        time.sleep(0.05)
    (FOLDER / kind).unlink()
    (FOLDER / str(number)).write_text(str(current_lock().fencing_token))


@worker_ready.connect  # type: ignore[untyped-decorator]
def begin(**_: object) -> None:
    for number in range(8):
        task.delay("report", number)
