"""The wait for a rotation that is under way."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest

from conftest import WITHIN_SECONDS
from octostore import AuthenticationError, OctoStoreClient, Trigger, ValidationError
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


def test_a_function_is_asked_at_first_and_after_a_401(base_url: str, name: str) -> None:
    tokens = iter(["not-a-token", os.environ["OCTOSTORE_TOKEN"], "never-asked"])
    with OctoStoreClient(base_url, lambda: next(tokens)) as client, client.hold(name) as lock:
        client.renew(name, lock.lease_id, 30)
    assert next(tokens) == "never-asked"


def test_a_function_is_asked_once_for_each_request(base_url: str, name: str) -> None:
    tokens = iter(["not-a-token", "not-one-either", os.environ["OCTOSTORE_TOKEN"]])
    with OctoStoreClient(base_url, lambda: next(tokens)) as client:
        with pytest.raises(AuthenticationError):
            client.lock_status(name)
        client.lock_status(name)


def test_a_function_that_knows_no_other_token_is_asked_once_per_401(base_url: str, name: str) -> None:
    asked: list[str] = []

    def ask() -> str:
        asked.append("asked")
        return "not-a-token"

    with OctoStoreClient(base_url, ask) as client:
        for _ in range(2):
            with pytest.raises(AuthenticationError) as caught:
                client.lock_status(name)
            assert caught.value.status == 401
    assert len(asked) == 3


def test_a_function_is_not_asked_without_need(base_url: str) -> None:
    def ask() -> str:
        raise AssertionError("it was asked")

    with OctoStoreClient(base_url, ask) as client:
        assert client.health() == "OK"


def test_the_token_of_a_function_is_not_rotated(base_url: str) -> None:
    token = os.environ["OCTOSTORE_TOKEN"]
    with OctoStoreClient(base_url, lambda: token) as client:
        with pytest.raises(ValidationError):
            client.rotate_token()
        client.list_locks()


def test_a_function_that_fails_is_an_authentication_error(base_url: str, name: str) -> None:
    def ask() -> str:
        raise OSError("no file")

    with OctoStoreClient(base_url, ask) as client, pytest.raises(AuthenticationError) as caught:
        client.lock_status(name)
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize("token", ["a b", "a\n"])
def test_a_token_of_a_function_must_fit_a_header(base_url: str, name: str, token: str) -> None:
    with OctoStoreClient(base_url, lambda: token) as client, pytest.raises(ValidationError) as caught:
        client.lock_status(name)
    assert token not in str(caught.value)
