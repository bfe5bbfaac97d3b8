"""Calls at given times."""

from __future__ import annotations

from queue import Empty, Queue

import pytest

from octostore import _timers
from octostore._clock import now
from octostore._timers import Timers


def test_calls_are_made_in_the_order_of_their_times() -> None:
    made: Queue[str] = Queue()
    timers = Timers()
    at = now()
    timers.call_at(at + 0.2, lambda: made.put("last"))
    timers.call_at(at + 0.1, lambda: made.put("cancelled")).cancel()
    timers.call_at(at - 1, lambda: made.put("overdue"))
    timers.call_at(at + 0.1, lambda: made.put("first"))
    assert [made.get(timeout=5) for _ in range(3)] == ["overdue", "first", "last"]
    with pytest.raises(Empty):
        made.get(timeout=0.1)


def test_calls_are_made_soon_after_the_machine_was_suspended(monkeypatch: pytest.MonkeyPatch) -> None:
    made: Queue[str] = Queue()
    timers = Timers()
    timers.call_at(now() + 1000, lambda: made.put("made"))
    with pytest.raises(Empty):
        made.get(timeout=0.1)
    monkeypatch.setattr(_timers, "now", lambda: now() + 2000)
    assert made.get(timeout=5) == "made"
