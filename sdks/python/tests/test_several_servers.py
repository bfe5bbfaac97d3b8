"""Clients with the URLs of several servers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from conftest import eventually
from forwarder import Forwarder
from octostore import OctoStoreClient, ValidationError


@pytest.fixture
def ways(base_url: str) -> Iterator[list[Forwarder]]:
    """Two ways to the same service, which stand for two servers."""
    with ExitStack() as stack:
        yield [stack.enter_context(Forwarder(base_url)) for _ in range(2)]


def test_it_goes_on_with_the_next_server_and_stays_there(ways: list[Forwarder], name: str) -> None:
    first, second = ways
    first.listen(are_accepted=False)
    with OctoStoreClient([way.base_url for way in ways]) as client:
        assert client.health() == "OK"
        first.listen(are_accepted=True)
        asked = first.accepted
        with client.hold(name, ttl_seconds=2) as lock:
            assert client.lock_status(name).status == "held"
            assert first.accepted == asked
            first.listen(are_accepted=True)
            second.listen(are_accepted=False)
            second.cut()
            eventually(lambda: first.accepted > asked)
            eventually(lambda: lock.remaining_seconds > 1.5)


def test_all_urls_are_shown_once() -> None:
    client = OctoStoreClient("http://a:1/, ,http://b:2,http://a:1")
    assert repr(client) == "OctoStoreClient('http://a:1, http://b:2')"


@pytest.mark.parametrize("base_url", [[], " , ", ["http://a", "b"], "http://a,http://me:secret@b"])
def test_one_that_cannot_be_one_refuses_all(base_url: str | list[str]) -> None:
    with pytest.raises(ValidationError) as caught:
        OctoStoreClient(base_url)
    assert "secret" not in str(caught.value)
