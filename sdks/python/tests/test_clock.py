"""The clock that leases are counted on."""

from __future__ import annotations

import sys
import time

import pytest

from octostore._clock import now


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such clock")
def test_suspended_time_counts() -> None:
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    assert before <= now() <= time.clock_gettime(time.CLOCK_BOOTTIME)
