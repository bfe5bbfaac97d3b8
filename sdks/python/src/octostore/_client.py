"""The client."""

from __future__ import annotations

import os
import ssl
from types import TracebackType
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

from ._bearer import Bearer
from ._calls import Call, Caller
from ._checks import check_name, check_timeout, check_token, checked_base_url
from ._election import Election, Lead
from ._fields import of_object
from ._hold import hold
from ._lock import LockHandle, OnLockLost
from ._lock_api import LockApi, Wish, lock_path
from ._readers import read_health, read_lock_status, read_status_counters
from ._rules import RULES
from ._session import OnSessionLost, SessionHandle, open_session
from ._session_api import SessionApi
from ._signals import Trigger
from ._transport import Request, Transport
from ._types import (
    CreatedSession,
    HeldLock,
    KeptSession,
    Lease,
    LockStatus,
    SessionStatus,
    StatusCounters,
)
from ._watch import PrefixState, Watch, read_prefix_state
from ._webhook_api import WebhookApi

if TYPE_CHECKING:
    from typing_extensions import Self


class OctoStoreClient:
    """A user's access to an OctoStore server. Safe to share between threads.

    All methods block, and raise an `OctoStoreError` if they fail. The README says which error to expect
    when, and which calls are retried. After a fork, create a new client.

    Args:
        base_url: `OCTOSTORE_BASE_URL` by default, or `http://localhost:3000` if that is not set.
        token: `OCTOSTORE_TOKEN` by default. Without a token, only public requests work.
        timeout_seconds: Timeout of one HTTP attempt. An acquire that waits in line gets its wait on top.
        ssl_context: For https. By default, the certificates of the system are trusted.

    Raises:
        ValidationError: If the base URL or the token is not valid.

    """

    webhooks: WebhookApi
    """Creates, lists and deletes webhooks, and shows deliveries."""

    def __init__(
        self,
        base_url: str | None = None,
        token: str | None = None,
        *,
        timeout_seconds: float = RULES.timeout_ms_default / 1000,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        if base_url is None:
            base_url = os.environ.get("OCTOSTORE_BASE_URL") or RULES.default_base_url
        if token is None:
            token = os.environ.get("OCTOSTORE_TOKEN") or None
        if token is not None:
            check_token(token)
        check_timeout(timeout_seconds)
        url = checked_base_url(base_url)
        self._transport = Transport(url, timeout_seconds, ssl_context)
        self._caller = Caller(self._transport, Bearer(token))
        self._locks = LockApi(self._caller)
        self._sessions = SessionApi(self._caller)
        self.webhooks = WebhookApi(self._caller)

    def __repr__(self) -> str:
        return f"OctoStoreClient({self._transport.base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close idle connections. Close handles, elections and watches separately."""
        self._transport.close()

    def hold(
        self,
        name: str,
        *,
        ttl_seconds: int = RULES.ttl_seconds_default,
        wait_seconds: float = 0,
        metadata: str | None = None,
        session: SessionHandle | None = None,
        on_lost: OnLockLost | None = None,
        cancel: Trigger | None = None,
    ) -> LockHandle:
        """Acquire a lock and renew it in the background, until the end of the `with` block.

        Args:
            name: Components of letters, digits, `.`, `_` and `-`, with `/` between them.
            ttl_seconds: How long the lease lasts without a renewal, 1 to 3600.
            wait_seconds: How long to wait in line if someone else holds the lock. No upper limit.
            metadata: A note of at most 1024 bytes, shown to everyone who looks at the lock.
            session: Ties the lock to a session. When the session is lost or ends, so is the lock.
            on_lost: Called in a thread of its own when the lock is lost.
            cancel: Cancels the acquire when it is set in another thread.

        Raises:
            LockHeldError: If the lock is still held after `wait_seconds`.
            CancelledError: From `concurrent.futures`, if it was cancelled.

        """
        wish = Wish(
            ttl_seconds=ttl_seconds,
            wait_seconds=wait_seconds,
            metadata=metadata,
            session_id=None if session is None else session.session_id,
            cancel=cancel,
        )
        return hold(
            self._locks,
            name,
            wish,
            timeout_seconds=self._transport.timeout_seconds,
            within=None if session is None else session.keeper,
            on_lost=on_lost,
        )

    def elect(
        self,
        name: str,
        lead: Lead,
        *,
        ttl_seconds: int = RULES.ttl_seconds_default,
        metadata: str | None = None,
        session: SessionHandle | None = None,
        once: bool = False,
    ) -> Election:
        """Campaign for a lock in the background, and run `lead(lock, stop)` each time it is acquired.

        Args:
            name: The lock's name.
            lead: What the leader does. It must return when `stop` is set: the lock is lost, or the
                election has been stopped.
            ttl_seconds: How long the lease lasts without a renewal, 1 to 3600.
            metadata: A note of at most 1024 bytes, shown to everyone who looks at the lock.
            session: Ties the lock to a session.
            once: Leave the election after leading once.

        """

        def campaign(cancel: Trigger) -> LockHandle:
            return self.hold(
                name,
                ttl_seconds=ttl_seconds,
                wait_seconds=RULES.wait_seconds_per_request_max,
                metadata=metadata,
                session=session,
                cancel=cancel,
            )

        return Election(campaign, lead, once=once)

    def acquire(
        self,
        name: str,
        *,
        ttl_seconds: int = RULES.ttl_seconds_default,
        wait_seconds: float = 0,
        metadata: str | None = None,
        session_id: str | None = None,
        lease_id: str | None = None,
        cancel: Trigger | None = None,
    ) -> Lease:
        """Acquire a lock without renewing it. Prefer `hold`, which describes the arguments.

        Args:
            name: The lock's name.
            ttl_seconds: How long the lease lasts.
            wait_seconds: How long to wait in line.
            metadata: A note, shown to everyone who looks at the lock.
            session_id: Ties the lease to a session.
            lease_id: A UUID for the lease. A new one by default.
            cancel: Cancels the acquire.

        Raises:
            LockHeldError: If the lock is still held after `wait_seconds`.

        """
        wish = Wish(
            ttl_seconds=ttl_seconds,
            wait_seconds=wait_seconds,
            metadata=metadata,
            session_id=session_id,
            cancel=cancel,
        )
        return self._locks.acquire(name, wish, lease_id).lease

    def renew(self, name: str, lease_id: str, ttl_seconds: int) -> Lease:
        """Renew a lease for `ttl_seconds` (1 to 3600) from now. `NotFoundError` if you no longer have it."""
        return self._locks.renew(name, lease_id, ttl_seconds).lease

    def release(self, name: str, lease_id: str) -> None:
        """Release a lease. `NotFoundError` if you no longer have it."""
        self._locks.release(name, lease_id)

    def lock_status(self, name: str) -> LockStatus:
        """Return the status of a lock."""
        return self._locks.status(name)

    def list_locks(self, *, prefix: str | None = None, owner: Literal["me"] | None = None) -> list[HeldLock]:
        """List all locks that are held, sorted by name. Filter by prefix, or to your own."""
        return self._locks.list(prefix, owner)

    def watch(self, name: str) -> Watch[LockStatus]:
        """Return an iterator over the state of a lock, then everything that happens to it."""
        check_name(name)
        return Watch(self._caller, lock_path(name, "/watch"), read_lock_status)

    def watch_prefix(self, prefix: str) -> Watch[PrefixState]:
        """Do the same for all locks whose names begin with `prefix`."""
        path = f"/watch?{urlencode({'prefix': prefix})}"
        return Watch(self._caller, path, read_prefix_state)

    def open_session(
        self,
        *,
        ttl_seconds: int = RULES.session_ttl_seconds_default,
        on_lost: OnSessionLost | None = None,
    ) -> SessionHandle:
        """Open a session and keep it alive in the background, until the end of the `with` block.

        Args:
            ttl_seconds: How long the session lasts without a keepalive, 10 to 300.
            on_lost: Called in a thread of its own when the session is lost.

        """
        return open_session(self._sessions, ttl_seconds, self._transport.timeout_seconds, on_lost)

    def create_session(self, ttl_seconds: int = RULES.session_ttl_seconds_default) -> CreatedSession:
        """Create a session, TTL 10 to 300 seconds, without keeping it alive. Prefer `open_session`."""
        return self._sessions.create(ttl_seconds).value

    def keepalive(self, session_id: str) -> KeptSession:
        """Send a keepalive: the session now lasts for its TTL from now. `NotFoundError` if it has ended."""
        return self._sessions.keepalive(session_id)

    def session_status(self, session_id: str) -> SessionStatus:
        """Return the status of a session."""
        return self._sessions.status(session_id)

    def end_session(self, session_id: str) -> None:
        """End a session and release its locks. `NotFoundError` if it has already ended."""
        self._sessions.end(session_id)

    def health(self) -> str:
        """Return `OK` if the server is healthy."""
        request = Request("GET", "/health")
        return self._caller.call(Call(lambda: request, read_health), is_safe=True).value

    def status_counters(self) -> StatusCounters:
        """Return the server's counters, such as how many locks are held."""
        return self._caller.get("/status", read_status_counters)

    def rotate_token(self) -> str:
        """Replace the token and return the new one. The old one stops working immediately.

        Everything that this client has under way uses the new token, in all threads: requests, handles,
        elections and watches.
        """
        request = Request("POST", "/auth/token/rotate")
        call = Call(lambda: request, of_object(lambda fields: fields.text("token")))

        def ask(token: str | None) -> str:
            # With a fixed token. Otherwise a 401 would make the rotation wait for itself.
            return Caller(self._transport, Bearer(token)).call(call, is_safe=False).value

        return self._caller.bearer.rotate(ask)
