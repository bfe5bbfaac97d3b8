"""A network between the client and the server that a test can look at and break."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from urllib.parse import urlsplit


class Forwarder:
    """Forwards connections to a server, also from TLS."""

    def __init__(self, base_url: str) -> None:
        target = urlsplit(base_url)
        self._target = (target.hostname or "", target.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._tls: ssl.SSLContext | None = None
        self._open: set[socket.socket] = set()
        self._are_requests_lost = False
        self._are_answers_lost = False
        self._are_accepted = True
        self.accepted = 0

    @property
    def base_url(self) -> str:
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._open)

    def use_tls(self, context: ssl.SSLContext) -> None:
        self._tls = context

    def listen(self, *, are_accepted: bool) -> None:
        """Whether new connections stay open."""
        self._are_accepted = are_accepted

    def freeze(self) -> None:
        """From now on, nothing that is sent arrives."""
        self._are_requests_lost = self._are_answers_lost = True

    def thaw(self) -> None:
        """Break all connections. New ones work."""
        self._are_requests_lost = self._are_answers_lost = False
        self.cut()

    def lose_answers(self) -> None:
        """From now on, requests arrive but answers do not."""
        self._are_answers_lost = True

    def cut(self) -> None:
        """Break all connections."""
        for client in list(self._open):
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Forwarder:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.accepted += 1
                if not self._are_accepted:
                    client.close()
                    continue
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError):
            if self._tls is not None:
                client = self._tls.wrap_socket(client, server_side=True)
            with client, socket.create_connection(self._target) as server:
                self._open.add(client)
                back = threading.Thread(
                    target=_copy, args=[server, client, lambda: self._are_answers_lost], daemon=True
                )
                back.start()
                _copy(client, server, lambda: self._are_requests_lost)
                back.join()
        self._open.discard(client)


def _copy(source: socket.socket, sink: socket.socket, is_lost: Callable[[], bool]) -> None:
    with suppress(OSError):
        while piece := source.recv(65_536):
            if not is_lost():
                sink.sendall(piece)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
