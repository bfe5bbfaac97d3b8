"""The monotonic clock, and the delays between attempts."""

from __future__ import annotations

import random
import time

from ._rules import RULES

# Leases also expire while the machine is suspended. On Linux, `time.monotonic` stops then, but CLOCK_BOOTTIME
# does not. On macOS, CLOCK_MONOTONIC counts that time, and so does `time.monotonic` on Windows.
_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def now() -> float:
    """Seconds on a monotonic clock that also counts while the machine is suspended."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


def delay_seconds(failures: int, retry_after_seconds: float | None = None) -> float:
    """Seconds before the next attempt, after `failures` failed attempts (from 1).

    Random between 0 and a bound that doubles with each failure, so that many clients spread out, but
    never less than the server asked for.
    """
    # The exponent is bounded, so that the power fits a float.
    doubled = RULES.repeat_delay_ms_first * 2 ** min(failures - 1, 30)
    bound = min(RULES.repeat_delay_ms_max, doubled) / 1000
    return max(retry_after_seconds or 0, random.uniform(0, bound))
