"""The wait for a rotation that is under way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest

from conftest import WITHIN_SECONDS
from octostore import Trigger
from octostore._bearer import Bearer
from octostore._clock import now


class Rotation:
    """One that has begun and does not end before it is told to."""

    def __init__(self) -> None:
        self.bearer = Bearer("first")
        self.end = threading.Event()
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self.bearer.rotate, args=[self._ask])
        self._thread.start()
        assert self._begun.wait(WITHIN_SECONDS)

    def join(self) -> None:
        self.end.set()
        self._thread.join()

    def _ask(self, token: str | None) -> str:
        self._begun.set()
        self.end.wait(WITHIN_SECONDS)
        return f"after {token}"


@pytest.fixture
def rotation() -> Iterator[Rotation]:
    rotation = Rotation()
    yield rotation
    rotation.join()


def test_it_ends_with_the_rotation_and_not_later_than_it_may(rotation: Rotation) -> None:
    assert not rotation.bearer.is_replaced("first", now() + 0.05, None)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(rotation.bearer.is_replaced, "first", now() + WITHIN_SECONDS, None)
        rotation.end.set()
        assert waiting.result(WITHIN_SECONDS)
    assert rotation.bearer.token == "after first"


def test_it_can_be_given_up(rotation: Rotation) -> None:
    cancel = Trigger()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(rotation.bearer.is_replaced, "first", now() + 2 * WITHIN_SECONDS, cancel)
        cancel.set()
        with pytest.raises(CancelledError):
            waiting.result(WITHIN_SECONDS)
