"""What messages and text forms say."""

from __future__ import annotations

import re
import socket

import pytest

from octostore import (
    AuthenticationError,
    LockHeldError,
    LockLostError,
    NetworkError,
    OctoStoreClient,
    RequestTimeoutError,
)


def test_the_held_error_says_who_and_until_when(
    client: OctoStoreClient, other: OctoStoreClient, name: str
) -> None:
    with other.hold(name), pytest.raises(LockHeldError) as caught:
        client.hold(name)
    error = caught.value
    until = f"{error.expires_at:%Y-%m-%dT%H:%M:%SZ}"
    assert str(error) == f'The lock "{name}" is held by {error.holder} (until {until}).'
    assert error.lock == name


def test_errors_of_the_network_name_the_server_and_the_cause() -> None:
    with pytest.raises(NetworkError, match=r"^no connection to http://127.0.0.1:9: .*refused"):
        OctoStoreClient("http://127.0.0.1:9", "a-token").health()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base_url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = OctoStoreClient(base_url, "a-token", timeout_seconds=0.2)
        with pytest.raises(RequestTimeoutError, match=f"^{base_url} did not answer within 0.2 s$"):
            client.create_session()


def test_without_a_token_nothing_is_sent(base_url: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv("OCTOSTORE_TOKEN")
    client = OctoStoreClient("http://127.0.0.1:9")
    calls = (lambda: client.acquire(name), lambda: next(client.watch(name)), client.rotate_token)
    for call in calls:
        with pytest.raises(AuthenticationError, match=r"no token.*OCTOSTORE_TOKEN"):
            call()
    anyone = OctoStoreClient(base_url)
    assert anyone.health() == "OK"
    assert anyone.status_counters().status


def test_text_forms(client: OctoStoreClient, base_url: str, name: str) -> None:
    assert repr(client) == f"OctoStoreClient({base_url!r})"
    with client.open_session() as session, client.elect(f"{name}/e", lambda _, stop: stop.wait()) as election:
        lock = client.hold(name, ttl_seconds=30, session=session)
        begin = f"<LockHandle '{name}' fencing_token={lock.fencing_token}"
        assert re.fullmatch(rf"{begin} remaining_seconds=[23]\d\.\d>", repr(lock))
        assert repr(session).startswith(f"<SessionHandle '{session.session_id}' remaining_seconds=")
        assert re.fullmatch(rf"<Election '{name}/e' (campaigning|leading)>", repr(election))
    assert repr(election) == f"<Election '{name}/e' ended>"
    assert repr(session) == f"<SessionHandle '{session.session_id}' closed>"
    assert repr(lock) == f"{begin} lost>"
    with pytest.raises(LockLostError, match=rf'^The lock "{name}" is lost: its session has ended\.$'):
        lock.raise_if_lost()
    lock.close()
    with client.hold(name) as lock:
        pass
    assert repr(lock) == f"<LockHandle '{name}' fencing_token={lock.fencing_token} closed>"
