"""What is refused before anything is sent."""

from __future__ import annotations

import pytest

from octostore import OctoStoreClient, ValidationError

TOKEN = "a-token-that-is-not-shown"


@pytest.fixture
def nobody() -> OctoStoreClient:
    """Ask a server that is not there."""
    return OctoStoreClient("http://127.0.0.1:9", TOKEN)


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "localhost:3000",
        "ftp://localhost",
        "http://",
        "http://localhost:port",
        "http://localhost:99999",
        "http://local host",
        "http://localhost\n",
        f"http://me:{TOKEN}@localhost",
        f"http://{TOKEN}@localhost",
    ],
)
def test_a_base_url_that_cannot_be_one_is_refused_unquoted(base_url: str) -> None:
    with pytest.raises(ValidationError) as caught:
        OctoStoreClient(base_url, TOKEN)
    assert TOKEN not in str(caught.value)
    assert base_url == "" or base_url not in str(caught.value)


@pytest.mark.parametrize("token", ["", "a b", "a\n", "tökén"])
def test_a_token_that_cannot_stand_in_a_header_is_refused(token: str) -> None:
    with pytest.raises(ValidationError):
        OctoStoreClient(token=token)


@pytest.mark.parametrize(
    ("base_url", "shown"),
    [
        ("https://octostore.example/", "https://octostore.example"),
        ("http://localhost:3000/below//", "http://localhost:3000/below"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("http://localhost/?query#fragment", "http://localhost"),
    ],
)
def test_the_text_form_has_the_base_url_and_no_token(base_url: str, shown: str) -> None:
    client = OctoStoreClient(base_url, TOKEN)
    assert repr(client) == str(client) == f"OctoStoreClient('{shown}')"


@pytest.mark.parametrize("name", ["", "a/", "/a", "a//b", "a b", "a\n", "..", "a/./b", "ä", "a" * 65])
def test_a_name_that_is_none_is_refused(nobody: OctoStoreClient, name: str) -> None:
    with pytest.raises(ValidationError, match="lock name"):
        nobody.hold(name)


@pytest.mark.parametrize("ttl_seconds", [0, 3601, 1.5, True])
def test_a_ttl_that_is_none_is_refused(nobody: OctoStoreClient, ttl_seconds: int) -> None:
    with pytest.raises(ValidationError, match="ttl_seconds"):
        nobody.hold("a", ttl_seconds=ttl_seconds)


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_a_time_that_is_none_is_refused(nobody: OctoStoreClient, seconds: float) -> None:
    with pytest.raises(ValidationError, match="wait_seconds"):
        nobody.hold("a", wait_seconds=seconds)
    with pytest.raises(ValidationError, match="timeout_seconds"):
        OctoStoreClient(timeout_seconds=seconds)
