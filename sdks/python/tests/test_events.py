"""Events for an observer, and requests through an opener."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping

import pytest

from conftest import WITHIN_SECONDS, eventually
from octostore import (
    HandleEvent,
    HttpRequest,
    HttpResponse,
    LostError,
    NetworkError,
    OctoStoreClient,
    PermissionDeniedError,
    RequestTimeoutError,
    UnavailableError,
)

LEASE = {
    "status": "acquired",
    "name": "a/b",
    "lease_id": "the-lease-id",
    "fencing_token": 7,
    "expires_at": "2030-01-01T00:00:00Z",
    "holder": "ada",
    "holder_id": "u",
    "metadata": None,
    "mode": "exclusive",
}
SESSION = {"session_id": "s", "expires_at": "2030-01-01T00:00:00Z", "keepalive_interval_secs": 5}
HELD = {**LEASE, "status": "held"}
RELEASED = {"status": "released", "message": "Lock released"}
GONE = {"error": "There is no such lease.", "code": "lock_not_found"}

Answer = tuple[int, Mapping[str, object] | None]


class Script:
    """An opener that answers by the last part of the path."""

    def __init__(self, **answers: Callable[[], Answer]) -> None:
        self.answers = answers
        self.requests: list[HttpRequest] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        verb = request.url.rsplit("/", 1)[-1]
        status, body = self.answers[verb]() if verb in self.answers else (404, GONE)
        return HttpResponse(status, {}, b"" if body is None else json.dumps(body).encode())


def observed(script: Script) -> tuple[OctoStoreClient, list[HandleEvent]]:
    events: list[HandleEvent] = []
    client = OctoStoreClient("http://a.example/base", "the-token", opener=script, observer=events.append)
    return client, events


def kinds(events: list[HandleEvent]) -> list[str]:
    return [event.type for event in events]


def test_an_observer_learns_of_a_lock_from_the_beginning_to_the_end_and_never_of_its_secrets() -> None:
    script = Script(acquire=lambda: (200, LEASE), renew=lambda: (200, HELD), release=lambda: (200, RELEASED))
    client, events = observed(script)
    with client.hold("a/b", ttl_seconds=1):
        eventually(lambda: len(events) >= 2)
    assert events[0] == HandleEvent("acquired", ("a/b",), None, 7)
    assert events[1] == HandleEvent("renewed", ("a/b",), None, 7)
    assert events[-1] == HandleEvent("released", ("a/b",), None, 7)
    assert events[0].lock == "a/b"
    assert "the-" not in repr(events)


def test_it_learns_of_renewals_that_fail_then_of_the_loss_and_not_of_a_release_after_it() -> None:
    answers: Iterator[Answer] = iter([(503, {"error": "Later.", "code": "overloaded"}), (404, GONE)])
    client, events = observed(Script(acquire=lambda: (200, LEASE), renew=lambda: next(answers)))
    lock = client.hold("a/b", ttl_seconds=1)
    assert lock.lost.wait(WITHIN_SECONDS)
    eventually(lambda: len(events) == 3)
    lock.close()
    assert kinds(events) == ["acquired", "renewal_failed", "lost"]
    assert isinstance(events[1].error, UnavailableError)
    assert isinstance(events[2].error, LostError)
    assert "it has ended on the server" in str(events[2].error)


def test_it_learns_why_a_release_failed() -> None:
    refused = {"error": "No.", "code": "forbidden"}
    client, events = observed(Script(acquire=lambda: (200, LEASE), release=lambda: (403, refused)))
    client.hold("a/b").close()
    assert kinds(events) == ["acquired", "released"]
    assert isinstance(events[1].error, PermissionDeniedError)


def test_it_learns_of_sessions() -> None:
    client, events = observed(Script(sessions=lambda: (201, SESSION), s=lambda: (204, None)))
    client.open_session(ttl_seconds=10).end()
    assert events == [HandleEvent("acquired", (), "s", None), HandleEvent("released", (), "s", None)]


def test_an_observer_that_fails_harms_nothing_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail(event: HandleEvent) -> None:
        raise RuntimeError(event.type)

    script = Script(acquire=lambda: (200, LEASE), release=lambda: (200, RELEASED))
    client = OctoStoreClient("http://a.example", "t", opener=script, observer=fail)
    with caplog.at_level(logging.ERROR, "octostore"), client.hold("a/b") as lock:
        assert lock.fencing_token == 7
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]


def test_the_observer_may_close_the_handle_of_its_event_elsewhere() -> None:
    script = Script(acquire=lambda: (200, LEASE), release=lambda: (200, RELEASED))
    closed = threading.Event()

    def close_again() -> None:
        lock.close()
        closed.set()

    def close(event: HandleEvent) -> None:
        if event.type == "released":
            threading.Thread(target=close_again).start()
            assert closed.wait(WITHIN_SECONDS)

    client = OctoStoreClient("http://a.example", "t", opener=script, observer=close)
    lock = client.hold("a/b")
    lock.close()
    assert closed.is_set()


def test_an_opener_gets_whole_requests() -> None:
    script = Script(acquire=lambda: (200, LEASE))
    client, _ = observed(script)
    client.acquire("a/b", ttl_seconds=5)
    (request,) = script.requests
    assert (request.method, request.url) == ("POST", "http://a.example/base/locks/a%2Fb/acquire")
    assert request.headers["authorization"] == "Bearer the-token"
    assert json.loads(request.body or b"")["ttl_seconds"] == 5


def test_an_opener_that_hangs_is_given_up_in_time() -> None:
    given_up = threading.Event()

    def hang(request: HttpRequest) -> HttpResponse:
        if request.given_up.wait(WITHIN_SECONDS):
            given_up.set()
        raise OSError

    client = OctoStoreClient("http://a.example", "t", opener=hang, timeout_seconds=0.05)
    with pytest.raises(RequestTimeoutError, match="did not answer within"):
        client.create_session()
    assert given_up.wait(WITHIN_SECONDS)


def test_an_error_of_an_opener_is_a_network_error() -> None:
    def fail(_: HttpRequest) -> HttpResponse:
        raise ValueError("no proxy")

    with pytest.raises(NetworkError, match="ValueError"):
        OctoStoreClient("http://a.example", "t", opener=fail).create_session()


def test_a_watch_reads_the_pieces_of_a_stream() -> None:
    state = {"status": "available", "name": "a", "message": "", "fencing_token": 3, "waiters": 0}
    pieces = [b"event: state\nid: 1\n", f"data: {json.dumps(state)}\n\n".encode()]
    script = HttpResponse(200, {"Content-Type": "text/event-stream"}, iter(pieces))
    with OctoStoreClient("http://a.example", "t", opener=lambda _: script).watch("a") as watch:
        update = next(watch)
    assert update.type == "state"
