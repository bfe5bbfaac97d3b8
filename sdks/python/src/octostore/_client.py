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
    """A user's access to an OctoStore server. Made to be shared, also between threads.

    All methods block, and raise an `OctoStoreError` if they fail; see the README for which is when, and
    for what is repeated. After a fork make a new client.

    Args:
        base_url: `OCTOSTORE_BASE_URL` by default, and without that `http://localhost:3000`.
        token: `OCTOSTORE_TOKEN` by default. Without a token only what is public can be asked for.
        timeout_seconds: How long one HTTP attempt may take. Time that the server is asked to wait comes
            on top.
        ssl_context: What is trusted for https; the certificates of the system by default.

    Raises:
        ValidationError: For a base URL or a token that cannot be one.

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
        """Close the connections that are kept for later. Handles, elections and watches end by themselves."""
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
        """Acquire a lock and renew it in the background, until the block that it is used with ends.

        Args:
            name: Components of letters, digits, `.`, `_` and `-`, with `/` between them.
            ttl_seconds: How long the lease lasts without a renewal, from 1 to 3600.
            wait_seconds: How long to wait in line if somebody else has the lock; as long as you like.
            metadata: A note of at most 1024 bytes that everybody who looks at the lock sees.
            session: Ties the lock to a session, with which it is lost at the latest.
            on_lost: Is called in a thread of its own when the lock is lost.
            cancel: Gives the acquire up when it is set in another thread.

        Raises:
            LockHeldError: If the lock is not free within `wait_seconds`.
            CancelledError: Of `concurrent.futures`, if it was given up.

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
        """Campaign for a lock in the background and run `lead(lock, stop)` while it is held, again and again.

        Args:
            name: The lock's name.
            lead: What the leader does. It must return when `stop` is set: the lock is lost, or the
                election is stopped.
            ttl_seconds: How long the lease lasts without a renewal, from 1 to 3600.
            metadata: A note of at most 1024 bytes that everybody who looks at the lock sees.
            session: Ties the lock to a session.
            once: Leave the election after having led once.

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
            metadata: A note that everybody sees.
            session_id: Ties the lease to a session.
            lease_id: The id that the lease shall have, a UUID; a new one by default.
            cancel: Gives the acquire up.

        Raises:
            LockHeldError: If the lock is not free within `wait_seconds`.

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
        """Let a lease end `ttl_seconds` (1 to 3600) from now. `NotFoundError` if you no longer have it."""
        return self._locks.renew(name, lease_id, ttl_seconds).lease

    def release(self, name: str, lease_id: str) -> None:
        """Release a lease. `NotFoundError` if you no longer have it."""
        self._locks.release(name, lease_id)

    def lock_status(self, name: str) -> LockStatus:
        """Tell who holds a lock."""
        return self._locks.status(name)

    def list_locks(self, *, prefix: str | None = None, owner: Literal["me"] | None = None) -> list[HeldLock]:
        """List all locks that are held, in name order; on request those with a prefix, or your own."""
        return self._locks.list(prefix, owner)

    def watch(self, name: str) -> Watch[LockStatus]:
        """Give the state of a lock and then everything that happens to it."""
        check_name(name)
        return Watch(self._caller, lock_path(name, "/watch"), read_lock_status)

    def watch_prefix(self, prefix: str) -> Watch[PrefixState]:
        """Do the same for all locks whose names begin with a text."""
        path = f"/watch?{urlencode({'prefix': prefix})}"
        return Watch(self._caller, path, read_prefix_state)

    def open_session(
        self,
        *,
        ttl_seconds: int = RULES.session_ttl_seconds_default,
        on_lost: OnSessionLost | None = None,
    ) -> SessionHandle:
        """Open a session and keep it alive in the background, until the block that it is used with ends.

        Args:
            ttl_seconds: How long the session lasts without a keepalive, from 10 to 300.
            on_lost: Is called in a thread of its own when the session is lost.

        """
        return open_session(self._sessions, ttl_seconds, self._transport.timeout_seconds, on_lost)

    def create_session(self, ttl_seconds: int = RULES.session_ttl_seconds_default) -> CreatedSession:
        """Create a session, of 10 to 300 seconds, without keeping it alive. Prefer `open_session`."""
        return self._sessions.create(ttl_seconds).value

    def keepalive(self, session_id: str) -> KeptSession:
        """Let a session go on for its TTL from now. `NotFoundError` if it has ended."""
        return self._sessions.keepalive(session_id)

    def session_status(self, session_id: str) -> SessionStatus:
        """Tell how a session is."""
        return self._sessions.status(session_id)

    def end_session(self, session_id: str) -> None:
        """End a session and free its locks. `NotFoundError` if it has ended before."""
        self._sessions.end(session_id)

    def health(self) -> str:
        """Give `OK` if the server is well."""
        request = Request("GET", "/health")
        return self._caller.call(Call(lambda: request, read_health), is_safe=True).value

    def status_counters(self) -> StatusCounters:
        """Tell how much there is on the server."""
        return self._caller.get("/status", read_status_counters)

    def rotate_token(self) -> str:
        """Put a new token in the place of the present one, which ends at once, and give the new one.

        All that this client has under way goes on with it, in whichever threads: requests, handles,
        elections and watches.
        """
        request = Request("POST", "/auth/token/rotate")
        call = Call(lambda: request, of_object(lambda fields: fields.text("token")))

        def ask(token: str | None) -> str:
            # For one token only, lest it wait for itself when it is refused.
            return Caller(self._transport, Bearer(token)).call(call, is_safe=False).value

        return self._caller.bearer.rotate(ask)
