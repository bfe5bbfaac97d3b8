"""The end of the process, which its background threads must not hold up."""

from __future__ import annotations

import subprocess
import sys

import pytest

from octostore import OctoStoreClient

WITHIN_BLOCK = """
with OctoStoreClient().hold(name, ttl_seconds=60):
    raise SystemExit(7)
"""

AT_EXIT = """
lock = OctoStoreClient().hold(name, ttl_seconds=60)
atexit.register(lock.close)
raise SystemExit(7)
"""


@pytest.mark.parametrize("program", [WITHIN_BLOCK, AT_EXIT], ids=["within-a-block", "at-exit"])
def test_a_process_that_ends_releases(client: OctoStoreClient, name: str, program: str) -> None:
    begin = f"import atexit\nfrom octostore import OctoStoreClient\nname = {name!r}\n"
    process = subprocess.run(
        [sys.executable, "-c", begin + program], timeout=30, check=False, capture_output=True
    )
    assert (process.returncode, process.stderr) == (7, b"")
    assert client.lock_status(name).status == "available"
