"""Reusable connections to one server."""

from __future__ import annotations

import socket
import ssl
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPException
from urllib.parse import SplitResult

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from ._attempt import Attempt
from ._clock import now
from ._fork import renew_in_children

_IDLE_SECONDS_MAX = 30.0
"""Servers commonly close connections that are idle for a minute, and a request must not run into that."""

_IDLE_MAX = 16

_FAILURES = (HTTPError, HTTPException, OSError)


class Connections:
    """Lends connections to one server. Raises failures as `NetworkError` or as the attempt's own error."""

    def __init__(self, url: SplitResult, ssl_context: ssl.SSLContext | None) -> None:
        self._url = url
        self._ssl_context = ssl_context if url.scheme == "https" else None
        self._lock = threading.RLock()
        self._idle: list[tuple[HTTPConnection, float]] = []
        # For clients that are never closed.
        weakref.finalize(self, _close_all, self._idle)
        self._is_closed = False
        renew_in_children(self)

    def after_fork(self) -> None:
        """Leave the connections to the parent. Closing our copies of the sockets does not end them."""
        self._lock = threading.RLock()
        _close_all(self._idle)

    @contextmanager
    def lend(self, attempt: Attempt) -> Iterator[HTTPConnection]:
        """Lend a connection for an exchange. The exchange ends with the attempt."""
        connection = self._take_idle() or self._connect(attempt)
        try:
            attempt.interrupt_by(partial(_shut_down, connection.sock))
            connection.timeout = attempt.remaining
            yield connection
            attempt.finish()
        except _FAILURES as error:
            connection.close()
            raise attempt.failure(error, was_sent=True) from error
        except BaseException:
            connection.close()
            raise
        self._keep(connection)

    def close(self) -> None:
        """Close the idle connections, and lent ones when they come back."""
        with self._lock:
            self._is_closed = True
            _close_all(self._idle)

    def _take_idle(self) -> HTTPConnection | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                connection, since = self._idle.pop()
            if now() - since < _IDLE_SECONDS_MAX and connection.is_connected:
                return connection
            connection.close()

    def _keep(self, connection: HTTPConnection) -> None:
        if connection.is_closed:
            return
        with self._lock:
            if not self._is_closed and len(self._idle) < _IDLE_MAX:
                self._idle.append((connection, now()))
                return
        connection.close()

    def _connect(self, attempt: Attempt) -> HTTPConnection:
        """Connect in another thread: a DNS lookup cannot be interrupted, but it can be abandoned."""
        opened: Future[HTTPConnection] = Future()
        attempt.interrupt_by(opened.cancel)
        connect = partial(_connect, self._new(attempt.remaining), opened)
        try:
            threading.Thread(target=connect, name="octostore-connect", daemon=True).start()
        except RuntimeError:  # The interpreter is shutting down and starts no more threads.
            connect()
        try:
            return opened.result()
        except (*_FAILURES, CancelledError) as error:
            raise attempt.failure(error, was_sent=False) from error
        except BaseException:
            opened.cancel()
            raise

    def _new(self, timeout: float) -> HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._ssl_context is None:
            return HTTPConnection(host, port, timeout=timeout)
        return HTTPSConnection(host, port, timeout=timeout, ssl_context=self._ssl_context)


def _connect(connection: HTTPConnection, opened: Future[HTTPConnection]) -> None:
    error: BaseException | None = None
    try:
        connection.connect()
    except BaseException as failure:  # noqa: BLE001 - raised where the connection is awaited
        error = failure
    if not opened.set_running_or_notify_cancel():
        connection.close()
    elif error is not None:
        connection.close()
        opened.set_exception(error)
    else:
        opened.set_result(connection)


def _close_all(idle: list[tuple[HTTPConnection, float]]) -> None:
    while idle:
        connection, _ = idle.pop()
        connection.close()


def _shut_down(sock: socket.socket) -> None:
    """Wake any thread that is reading or writing. Closing would not."""
    with suppress(OSError):
        # Bypasses the TLS layer, which would discard its state while another thread uses it.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
