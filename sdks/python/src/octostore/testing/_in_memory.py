"""An OctoStore in memory."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from .._async_client import AsyncOctoStoreClient
from .._client import OctoStoreClient
from .._handle_events import Observer, Renewing
from .._opener import HttpRequest, HttpResponse
from .._signals import Trigger
from ._body import Body, lock_name
from ._law import Law
from ._present import Presenter
from ._routes import Asked, Routes
from ._state import AcquireRequest, Answer, Lease, Refusal, Refused, Ticket

if TYPE_CHECKING:
    from typing_extensions import Unpack

_PATIENCE_SECONDS = 10.0


class DoubleClientOptions(TypedDict, total=False):
    """The arguments of a client of a double, as of `OctoStoreClient`."""

    timeout_seconds: float
    wait_slice_seconds: float
    release_on_exit: bool
    observer: Observer | None


class InMemoryOctoStore:
    """An OctoStore in memory, for the tests of your program.

    Its clients are real, and it decides as a server does. Its clock moves only when you move it. Everything
    is gone with the object. Safe to share between threads.
    """

    base_url = "http://octostore.test"
    """Any client with this base URL, the `opener` and a token reaches the double."""

    admin_token = "double-admin"
    """The token of an administrator, who may break locks."""

    def __init__(self) -> None:
        self._started_at = datetime.now(timezone.utc)
        self._law = Law(self._time_text)
        self._routes = Routes(self._law, Presenter(self._law, self._time_text))
        self._changed = threading.Condition()
        """Its lock guards everything."""
        self._logins: dict[str, str] = {}
        self._handles: set[Renewing] = set()
        self._opener = DoubleOpener(self)

    @property
    def opener(self) -> DoubleOpener:
        """Answers the requests of clients from memory."""
        return self._opener

    @property
    def now(self) -> datetime:
        """The time on the double's clock."""
        return self._started_at + timedelta(milliseconds=self._law.now)

    def client(self, login: str = "ada", **options: Unpack[DoubleClientOptions]) -> OctoStoreClient:
        """Make a client of the user with this login."""
        return OctoStoreClient(self.base_url, self.token(login), opener=self._opener, **options)

    def async_client(
        self, login: str = "ada", **options: Unpack[DoubleClientOptions]
    ) -> AsyncOctoStoreClient:
        """Make a client for asyncio of the user with this login."""
        return AsyncOctoStoreClient(self.base_url, self.token(login), opener=self._opener, **options)

    def admin_client(self, **options: Unpack[DoubleClientOptions]) -> OctoStoreClient:
        """Make a client of an administrator, who may break locks."""
        return OctoStoreClient(self.base_url, self.admin_token, opener=self._opener, **options)

    def token(self, login: str) -> str:
        """Return the token of the user with this login. The double refuses tokens that it has not given."""
        token = f"double-user-{quote(login, safe='')}"
        with self._changed:
            self._logins[token] = login
        return token

    def advance(self, seconds: float) -> None:
        """Move the double's clock.

        Everything that is due meanwhile happens at its time: leases and sessions expire, and waiters are
        answered. Then each open handle of a client renews, or learns that it is lost. Returns when all of
        this has happened.
        """
        with self._changed:
            self._law.advance(round(seconds * 1000))
            handles = list(self._handles)
            self._changed.notify_all()
        for handle in handles:
            handle.renew_now()

    def await_waiters(self, name: str, count: int = 1) -> None:
        """Wait until so many requests are waiting in line for a lock."""
        lock_name(name)
        with self._changed:
            has_come = self._changed.wait_for(lambda: self._law.waiters(name) >= count, _PATIENCE_SECONDS)
        if not has_come:
            raise TimeoutError(f"no {count} requests wait for {name!r}")

    def _time_text(self, milliseconds: int) -> str:
        at = self._started_at + timedelta(milliseconds=milliseconds)
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _answer(self, request: HttpRequest) -> HttpResponse:
        url = urlsplit(request.url)
        path = [unquote(part) for part in url.path.split("/")[1:]]
        if path == ["health"]:
            return HttpResponse(200, body=b"OK")
        try:
            with self._changed:
                asked = self._asked(request, dict(parse_qsl(url.query, keep_blank_values=True)))
                status, body = self._routes.answer(request.method, path, asked)
                self._changed.notify_all()
        except Refused as refused:
            return _refused(refused.refusal)
        return HttpResponse(status, _JSON, b"" if body is None else json.dumps(body).encode())

    def _asked(self, request: HttpRequest, query: dict[str, str]) -> Asked:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        is_admin = token == self.admin_token
        login = "administrator" if is_admin else self._logins.get(token)
        if login is None:
            raise Refused(Refusal(401, "unauthorized", "The token or key is missing or not valid."))
        body = Body.parse(request.body)

        def acquire(wanted: AcquireRequest, wait_ms: int) -> tuple[Lease, bool]:
            return self._acquire(wanted, wait_ms, request.given_up)

        return Asked(login, is_admin, body, query, acquire)

    def _acquire(self, wanted: AcquireRequest, wait_ms: int, given_up: Trigger) -> tuple[Lease, bool]:
        answers: list[tuple[Answer, bool]] = []

        def settle(answer: Answer, is_new: bool) -> None:
            answers.append((answer, is_new))
            self._changed.notify_all()

        ticket = self._law.acquire(wanted, wait_ms, settle)
        if ticket is not None:
            self._await(ticket, answers, given_up)
        answer, is_new = answers[0]
        if isinstance(answer, Refusal):
            raise Refused(answer)
        return answer, is_new

    def _await(self, ticket: Ticket, answers: list[tuple[Answer, bool]], given_up: Trigger) -> None:
        """Wait for the answer to a ticket. Others may use the double meanwhile."""
        unlisten = given_up.listen(self._wake)
        self._changed.notify_all()
        self._changed.wait_for(lambda: answers or given_up.is_set())
        unlisten()
        if not answers:
            self._law.abandon(ticket)
            raise ConnectionAbortedError("the client has given the request up")

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _note(self, handle: Renewing) -> None:
        with self._changed:
            self._handles.add(handle)
        handle.over.listen(lambda: self._handles.discard(handle))


class DoubleOpener:
    """Sends the requests of clients to a double. Use `InMemoryOctoStore.opener`."""

    def __init__(self, octostore: InMemoryOctoStore) -> None:
        self._octostore = octostore

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self._octostore._answer(request)  # noqa: SLF001 - a part of it

    def note_handle(self, handle: Renewing) -> None:
        """Learn of an open handle of a client, so that the double can let it renew."""
        self._octostore._note(handle)  # noqa: SLF001 - a part of it


_JSON = {"content-type": "application/json"}


def _refused(refusal: Refusal) -> HttpResponse:
    common = {"error": refusal.error, "code": refusal.code, "request_id": str(uuid.uuid4())}
    return HttpResponse(refusal.status, _JSON, json.dumps({**common, **refusal.fields}).encode())
