"""Servers that load a program and then fork workers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from conftest import eventually
from octostore import OctoStoreClient

WITHIN_SECONDS = 40.0
"""These servers take a while to start, also on a busy machine."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")


def test_workers_of_gunicorn(client: OctoStoreClient, name: str, tmp_path: Path) -> None:
    options = ["--preload", "--workers=2", "--bind=127.0.0.1:0", f"--worker-tmp-dir={tmp_path}"]
    with server("gunicorn", *options, "prefork_app:app", name=name, folder=tmp_path) as (process, log):
        eventually(lambda: "Listening at" in log.read_text(), WITHIN_SECONDS)
        found = re.search(r"Listening at: (http://[\d.:]+)", log.read_text())
        assert found is not None
        for _ in range(8):
            with urlopen(found[1], timeout=WITHIN_SECONDS) as response:
                assert response.read() == b"fine"
        assert client.lock_status(name).status == "held"
        process.send_signal(signal.SIGTERM)
        process.wait(WITHIN_SECONDS)
    assert client.lock_status(name).status == "available"


def test_workers_of_celery(client: OctoStoreClient, name: str, tmp_path: Path) -> None:
    options = ["worker", "--pool=prefork", "--concurrency=2", "--without-gossip", "--without-mingle"]
    command = ["celery", "--app=prefork_app:celery", *options, "--without-heartbeat"]
    with server(*command, name=name, folder=tmp_path) as (process, log):
        eventually(lambda: len(done(tmp_path)) == 8, WITHIN_SECONDS)
        assert done(tmp_path) == ["fine"] * 8, log.read_text()
        assert client.lock_status(name).status == "held"
        process.send_signal(signal.SIGTERM)
        process.wait(WITHIN_SECONDS)
    assert client.lock_status(name).status == "available"


def done(folder: Path) -> list[str]:
    return [text for file in folder.glob("[0-9]") if (text := file.read_text())]


@contextmanager
def server(*command: str, name: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Run a server until the end of the block, which kills it at the latest."""
    log = folder / "log"
    environment = {**os.environ, "NAME": name, "FOLDER": str(folder)}
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=Path(__file__).parent,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield process, log
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
