"""Connections: that they end in time, are used again, and are safe."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
import trustme

from conftest import WITHIN_SECONDS, eventually
from forwarder import Forwarder
from octostore import NetworkError, OctoStoreClient, RequestTimeoutError, Trigger

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n"


@contextmanager
def dripping(beginning: bytes) -> Iterator[str]:
    """Serve an answer of which a byte comes every now and then."""

    def drip(client: socket.socket) -> None:
        with suppress(OSError), client:
            client.recv(65_536)
            client.sendall(beginning)
            while True:
                client.sendall(b"x")
                time.sleep(0.05)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=drip, args=listener.accept()[:1], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("beginning", [b"", HEAD, HEAD + b"\r\n"], ids=["nothing", "head", "body"])
def test_an_attempt_ends_in_time_though_bytes_keep_coming(beginning: bytes) -> None:
    with dripping(beginning) as base_url:
        client = OctoStoreClient(base_url, "a-token", timeout_seconds=0.5)
        began_at = time.monotonic()
        with pytest.raises(RequestTimeoutError, match=r"within 0.5 s"):
            client.create_session()
        assert 0.45 < time.monotonic() - began_at < 5


def test_a_connection_that_is_never_made_ends_in_time() -> None:
    # The handshake is never answered.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base_url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        client = OctoStoreClient(base_url, "a-token", timeout_seconds=0.5)
        began_at = time.monotonic()
        with pytest.raises(RequestTimeoutError):
            client.create_session()
        assert time.monotonic() - began_at < 5


def test_connections_are_used_again(forwarder: Forwarder, name: str) -> None:
    with OctoStoreClient(forwarder.base_url) as client:
        with client.hold(name):
            client.lock_status(name)
        assert forwarder.accepted == 1


def test_a_connection_that_broke_while_idle_is_not_used_again(forwarder: Forwarder) -> None:
    with OctoStoreClient(forwarder.base_url) as client:
        client.health()
        forwarder.cut()
        # Would not be repeated.
        client.end_session(client.create_session().session_id)
        assert forwarder.accepted == 2


def test_tls(forwarder: Forwarder, name: str) -> None:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    forwarder.use_tls(server)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with OctoStoreClient(forwarder.base_url, ssl_context=trusting) as client:
        assert client.health() == "OK"
        give_up_a_wait(client, name)
    with (
        OctoStoreClient(forwarder.base_url) as client,
        pytest.raises(NetworkError, match="certificate verify failed") as caught,
    ):
        client.health()
    assert not caught.value.was_sent


def give_up_a_wait(client: OctoStoreClient, name: str) -> None:
    cancel = Trigger()
    with client.hold(name), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.acquire, name, wait_seconds=60, cancel=cancel)
        eventually(lambda: client.lock_status(name).waiters == 1)
        cancel.set()
        with pytest.raises(CancelledError):
            waiting.result(WITHIN_SECONDS)
        eventually(lambda: client.lock_status(name).waiters == 0)
