"""One-time signals."""

from __future__ import annotations

import threading
import time

from octostore import Trigger


def test_a_wait_ends_with_the_signal_or_in_time() -> None:
    trigger = Trigger()
    began_at = time.monotonic()
    assert not trigger.wait(0.1)
    assert time.monotonic() - began_at >= 0.1
    assert not trigger.wait(-1)
    setting = threading.Timer(0.1, trigger.set)
    setting.start()
    assert trigger.wait()
    assert trigger.wait(0)
    assert trigger.is_set()
    setting.join()


def test_each_listener_is_told_once() -> None:
    trigger = Trigger()
    told: list[str] = []
    trigger.listen(lambda: told.append("first"))
    trigger.listen(lambda: told.append("forgotten"))()
    trigger.set()
    trigger.set()
    trigger.listen(lambda: told.append("late"))
    assert told == ["first", "late"]


def test_it_can_be_set_while_it_is_being_set() -> None:
    trigger = Trigger()
    told: list[str] = []
    trigger.listen(trigger.set)
    trigger.listen(lambda: told.append("told"))
    trigger.set()
    assert told == ["told"]
