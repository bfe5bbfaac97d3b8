"""Errors as values."""

from __future__ import annotations

import pickle

import pytest

from octostore import LockHeldError, NetworkError, NotFoundError, OctoStoreClient, OctoStoreError


def test_an_error_can_go_to_another_process(
    client: OctoStoreClient, other: OctoStoreClient, name: str
) -> None:
    with other.hold(name), pytest.raises(LockHeldError) as caught:
        client.acquire(name)
    error = caught.value
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is LockHeldError
    assert (str(copy), vars(copy)) == (str(error), vars(error))


def test_an_error_has_what_the_server_says(client: OctoStoreClient, name: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        client.release(name, "0d1f6a0e-6f2c-4f5e-9a53-2f0f5d6b6c11")
    error = caught.value
    assert isinstance(error, OctoStoreError)
    assert (error.type, error.code, error.status) == ("not_found", "lock_not_found", 404)
    assert error.request_id
    assert str(error) == error.message


def test_without_a_connection_nothing_was_sent() -> None:
    with pytest.raises(NetworkError, match="refused") as caught:
        OctoStoreClient("http://127.0.0.1:9", "a-token").health()
    assert not caught.value.was_sent
