"""The client."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import urlencode

from ._bearer import Bearer, TokenSource
from ._calls import Call, Caller
from ._checks import check_name, check_timeout, check_token, check_wait_slice, checked_base_urls
from ._election import Election, Lead, OnEnded
from ._exit import OPEN_AT_EXIT
from ._fence_api import FenceApi
from ._fields import of_object
from ._handle import Handle
from ._hold import Holding, hold
from ._lease_api import LeaseApi
from ._lease_routes import lock_path
from ._leases import Renewal, Wish
from ._lock import LockHandle, OnLockLost, OnReleaseRequested
from ._lock_api import LockApi
from ._lock_readers import read_lock_status
from ._lock_types import (
    Break,
    ConvertibleMode,
    HeldLock,
    Lease,
    LockStatus,
    Queue,
    WantedLock,
    WholeLease,
)
from ._readers import read_health, read_status_counters
from ._rules import RULES
from ._servers import Servers
from ._session import OnSessionLost, SessionHandle, open_session
from ._session_api import SessionApi
from ._signals import Trigger
from ._transport import Request, Transport
from ._types import CreatedSession, EventFilter, KeptSession, SessionStatus, StatusCounters
from ._watch import PrefixState, Watch, read_prefix_state
from ._webhook_api import WebhookApi

if TYPE_CHECKING:
    from typing_extensions import Self

AnyHandle = TypeVar("AnyHandle", bound=Handle)


class OctoStoreClient:
    """A user's access to an OctoStore server. Safe to share between threads.

    All methods block, and raise an `OctoStoreError` if they fail. The README says which error to expect
    when, and which calls are retried. A forked child can use the client too; what its parent has open stays
    the parent's.

    Args:
        base_url: `OCTOSTORE_BASE_URL` by default, or `http://localhost:3000` if that is not set. If the
            service runs on several servers, give all their URLs, in a sequence or separated by commas: if one
            server does not answer, the client goes on with the next.
        token: `OCTOSTORE_TOKEN` by default. Or a function that returns the token: it is called for the first
            request, and again each time the server has refused the last token (401). It must not block for
            long. Without a token, only `health` and `status_counters` work.
        timeout_seconds: Timeout of one HTTP attempt, 10 by default. An acquire that waits in line gets its
            wait on top.
        ssl_context: For https. By default, the certificates of the system are trusted.
        wait_slice_seconds: For how long one request waits in line at most, 1 to 60, 25 by default. Longer
            waits take several requests. Make it less than the timeout of any proxy in between.
        release_on_exit: Close all handles and sessions of this client when the process exits, within a second
            in all. Also when SIGTERM would end the process, if the program has no handler for it, and creates
            such a client in the main thread.

    Raises:
        ValidationError: If a base URL, the token or the slice is not valid.

    """

    fences: FenceApi
    """Remembers the highest fencing token that a resource has seen."""

    leases: LeaseApi
    """Shows, renews and releases leases by their ids."""

    webhooks: WebhookApi
    """Creates, lists and deletes webhooks, and shows deliveries."""

    def __init__(
        self,
        base_url: str | Sequence[str] | None = None,
        token: str | TokenSource | None = None,
        *,
        timeout_seconds: float = RULES.timeout_ms_default / 1000,
        ssl_context: ssl.SSLContext | None = None,
        wait_slice_seconds: float = RULES.wait_slice_seconds_default,
        release_on_exit: bool = False,
    ) -> None:
        if base_url is None:
            base_url = os.environ.get("OCTOSTORE_BASE_URL") or RULES.default_base_url
        if token is None:
            token = os.environ.get("OCTOSTORE_TOKEN") or None
        if isinstance(token, str):
            check_token(token)
        check_timeout(timeout_seconds)
        check_wait_slice(wait_slice_seconds)
        urls = checked_base_urls(base_url)
        self._transport = Transport(urls, timeout_seconds, ssl_context)
        self._caller = Caller(Servers(list(urls)), self._transport, Bearer(token))
        self._locks = LockApi(self._caller)
        self._sessions = SessionApi(self._caller)
        self._wait_slice_seconds = wait_slice_seconds
        self._releases_on_exit = release_on_exit
        if release_on_exit:
            OPEN_AT_EXIT.watch()
        self.fences = FenceApi(self._caller)
        self.leases = LeaseApi(self._caller)
        self.webhooks = WebhookApi(self._caller)

    def __repr__(self) -> str:
        return f"OctoStoreClient({', '.join(self._caller.servers.urls)!r})"

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
        wait_slice_seconds: float | None = None,
        mode: ConvertibleMode | None = None,
        limit: int | None = None,
        permits: int | None = None,
        metadata: str | None = None,
        session: SessionHandle | None = None,
        proof: bool = False,
        lock_delay_seconds: int | None = None,
        min_hold_seconds: int | None = None,
        on_ask: Callable[[str], object] | None = None,
        on_lost: OnLockLost | None = None,
        on_release_requested: OnReleaseRequested | None = None,
        cancel: Trigger | None = None,
    ) -> LockHandle:
        """Acquire a lock and renew it in the background, until the end of the `with` block.

        You hold it alone, unless you give a `mode` or a `limit`.

        Args:
            name: Components of letters, digits, `.`, `_` and `-`, with `/` between them.
            ttl_seconds: How long the lease lasts without a renewal, 1 to 3600.
            wait_seconds: How long to wait in line if you cannot have the lock now. No upper limit. Within it,
                failures that may be retried do not end the wait.
            wait_slice_seconds: For how long one request waits at most, 1 to 60. The client's by default.
            mode: `shared` to hold it together with everyone else who says so.
            limit: Makes the lock counted: its leases may have this many permits together, 1 to 10,000.
                Everyone must give the same limit.
            permits: How many permits of a counted lock you want, 1 to `limit`, 1 by default.
            metadata: A note of at most 1024 bytes, shown to everyone who looks at the lock.
            session: Ties the lock to a session. When the session is lost or ends, so is the lock.
            proof: Whether you want a proof of the lease. Anyone can verify it with the server's public keys.
            lock_delay_seconds: For how long no one gets the lock after its lease has expired or was broken, 0
                to 60, 0 by default. For exclusive locks only.
            min_hold_seconds: For how long after the grant no one else gets the lock, even if you release it
                sooner, 0 to `ttl_seconds`, 0 by default. For exclusive locks only.
            on_ask: Called with the id of the lease before the first request, such as to find your place with
                `queue`.
            on_lost: Called in a thread of its own when the lock is lost.
            on_release_requested: Called in a thread of its own for each request of someone else to release
                the lock, at the next renewal. You decide.
            cancel: Cancels the acquire when it is set in another thread.

        Raises:
            LockHeldError: If you still cannot have the lock after `wait_seconds`.
            LockLostError: From the end of the `with` block, if the lock was lost while it ran.
            CancelledError: From `concurrent.futures`, if it was cancelled.

        """
        wish = Wish(
            ttl_seconds=ttl_seconds,
            wait_seconds=wait_seconds,
            wait_slice_seconds=self._slice(wait_slice_seconds),
            metadata=metadata,
            proof=proof,
            lock_delay_seconds=lock_delay_seconds,
            min_hold_seconds=min_hold_seconds,
            cancel=cancel,
        )
        holding = self._holding(session, on_ask, on_lost, on_release_requested)
        wanted = WantedLock(name=name, mode=mode, limit=limit, permits=permits)
        return self._closing_at_exit(hold(self._locks.leases(wanted), wish, holding))

    def hold_all(
        self,
        locks: Sequence[str | WantedLock],
        *,
        ttl_seconds: int = RULES.ttl_seconds_default,
        wait_seconds: float = 0,
        wait_slice_seconds: float | None = None,
        metadata: str | None = None,
        session: SessionHandle | None = None,
        proof: bool = False,
        lock_delay_seconds: int | None = None,
        min_hold_seconds: int | None = None,
        on_ask: Callable[[str], object] | None = None,
        on_lost: OnLockLost | None = None,
        on_release_requested: OnReleaseRequested | None = None,
        cancel: Trigger | None = None,
    ) -> LockHandle:
        """Acquire several locks (1 to 32, each once) under one lease, and renew it in the background.

        You get all of them or none, and such calls cannot deadlock each other. `hold` describes the arguments
        and errors. A lock that is not to be held alone is a `WantedLock`.
        """
        wish = Wish(
            ttl_seconds=ttl_seconds,
            wait_seconds=wait_seconds,
            wait_slice_seconds=self._slice(wait_slice_seconds),
            metadata=metadata,
            proof=proof,
            lock_delay_seconds=lock_delay_seconds,
            min_hold_seconds=min_hold_seconds,
            cancel=cancel,
        )
        holding = self._holding(session, on_ask, on_lost, on_release_requested)
        return self._closing_at_exit(hold(self._locks.leases_of_all(locks), wish, holding))

    def elect(
        self,
        name: str,
        lead: Lead,
        *,
        ttl_seconds: int = RULES.ttl_seconds_default,
        wait_slice_seconds: float | None = None,
        metadata: str | None = None,
        session: SessionHandle | None = None,
        once: bool = False,
        on_ended: OnEnded | None = None,
    ) -> Election:
        """Campaign for a lock in the background, and run `lead(lock, stop)` each time it is acquired.

        Args:
            name: The lock's name.
            lead: What the leader does. It must return when `stop` is set: the lock is lost, or the
                election has been stopped.
            ttl_seconds: How long the lease lasts without a renewal, 1 to 3600.
            wait_slice_seconds: For how long one request waits at most, 1 to 60. The client's by default.
            metadata: A note of at most 1024 bytes, shown to everyone who looks at the lock.
            session: Ties the lock to a session.
            once: Leave the election after leading once.
            on_ended: Called when the election has ended, with the error that ended it, or None.

        """
        wish = Wish(
            ttl_seconds=ttl_seconds,
            wait_seconds=RULES.wait_seconds_per_request_max,
            wait_slice_seconds=self._slice(wait_slice_seconds),
            metadata=metadata,
            is_brief_to_give_up=True,
        )
        holding = self._holding(session)

        def campaign(cancel: Trigger) -> LockHandle:
            leases = self._locks.leases(WantedLock(name=name))
            return self._closing_at_exit(hold(leases, replace(wish, cancel=cancel), holding))

        election = Election(name, campaign, lead, once=once, on_ended=on_ended)
        if self._releases_on_exit:
            OPEN_AT_EXIT.add(election)
        return election

    def acquire(
        self,
        name: str,
        *,
        ttl_seconds: int = RULES.ttl_seconds_default,
        wait_seconds: float = 0,
        wait_slice_seconds: float | None = None,
        mode: ConvertibleMode | None = None,
        limit: int | None = None,
        permits: int | None = None,
        metadata: str | None = None,
        session_id: str | None = None,
        lease_id: str | None = None,
        proof: bool = False,
        lock_delay_seconds: int | None = None,
        min_hold_seconds: int | None = None,
        cancel: Trigger | None = None,
    ) -> Lease:
        """Acquire a lock without renewing it. Prefer `hold`, which describes the other arguments and errors.

        Args:
            name: The lock's name.
            ttl_seconds: How long the lease lasts.
            wait_seconds: How long to wait in line.
            wait_slice_seconds: For how long one request waits at most.
            mode: How to hold it.
            limit: Makes the lock counted.
            permits: How many permits you want.
            metadata: A note, shown to everyone who looks at the lock.
            session_id: Ties the lease to a session.
            lease_id: A UUID for the lease. A new one by default.
            proof: Whether you want a proof.
            lock_delay_seconds: For how long no one gets the lock after its lease has expired.
            min_hold_seconds: For how long after the grant no one else gets the lock.
            cancel: Cancels the acquire.

        Raises:
            LockHeldError: If you still cannot have the lock after `wait_seconds`.

        """
        wish = Wish(
            ttl_seconds=ttl_seconds,
            wait_seconds=wait_seconds,
            wait_slice_seconds=self._slice(wait_slice_seconds),
            metadata=metadata,
            session_id=session_id,
            proof=proof,
            lock_delay_seconds=lock_delay_seconds,
            min_hold_seconds=min_hold_seconds,
            cancel=cancel,
        )
        wanted = WantedLock(name=name, mode=mode, limit=limit, permits=permits)
        return self._locks.leases(wanted).acquire(wish, lease_id).lease

    def acquire_all(
        self,
        locks: Sequence[str | WantedLock],
        *,
        ttl_seconds: int = RULES.ttl_seconds_default,
        wait_seconds: float = 0,
        wait_slice_seconds: float | None = None,
        metadata: str | None = None,
        session_id: str | None = None,
        lease_id: str | None = None,
        proof: bool = False,
        lock_delay_seconds: int | None = None,
        min_hold_seconds: int | None = None,
        cancel: Trigger | None = None,
    ) -> WholeLease:
        """Acquire several locks under one lease, without renewing it. Prefer `hold_all`.

        `leases` renews and releases it. `acquire` describes the arguments and errors.
        """
        wish = Wish(
            ttl_seconds=ttl_seconds,
            wait_seconds=wait_seconds,
            wait_slice_seconds=self._slice(wait_slice_seconds),
            metadata=metadata,
            session_id=session_id,
            proof=proof,
            lock_delay_seconds=lock_delay_seconds,
            min_hold_seconds=min_hold_seconds,
            cancel=cancel,
        )
        return self._locks.leases_of_all(locks).acquire(wish, lease_id).lease

    def renew(self, name: str, lease_id: str, ttl_seconds: int, *, proof: bool = False) -> Lease:
        """Renew a lease for `ttl_seconds` (1 to 3600) from now. `NotFoundError` if you no longer have it."""
        renewal = Renewal(lease_id=lease_id, ttl_seconds=ttl_seconds, proof=proof)
        return self._locks.leases(WantedLock(name=name)).renew(renewal).lease

    def release(self, name: str, lease_id: str) -> None:
        """Release a lease. `NotFoundError` if you no longer have it."""
        self._locks.leases(WantedLock(name=name)).release(lease_id)

    def convert(self, name: str, lease_id: str, mode: ConvertibleMode) -> Lease:
        """Hold one lock of a lease in another mode, without letting go of it.

        Prefer `convert` of a lock handle, which says what each mode needs. Returns the lease, with a new
        fencing token if the lock has become exclusive.
        """
        return self._locks.leases(WantedLock(name=name)).convert(name, lease_id, mode)

    def request_release(self, name: str, *, message: str | None = None) -> None:
        """Ask the holders of a lock to release it. Their handles tell them when they next renew; they decide.

        Args:
            name: The lock's name.
            message: What the holders are told, at most 256 bytes.

        Raises:
            NotFoundError: If no one holds the lock.
            LimitError: If you ask more than a few times per minute.

        """
        self._locks.request_release(name, message)

    def break_lock(self, name: str, *, reason: str, fencing_token: int | None = None) -> Break:
        """End the leases that hold a lock now, each with all its locks, no matter whose they are.

        For an hour, their holders get a `LeaseBrokenError`. If no one holds the lock and it is `delayed`, it
        becomes available. The token must be that of an administrator, or an admin key.

        Args:
            name: The lock's name.
            reason: Why, 1 to 256 bytes. The former holders are told.
            fencing_token: The lease to end. All that hold the lock now by default.

        Raises:
            NotFoundError: If there is nothing to end.
            PermissionDeniedError: If you are not an administrator.

        """
        return self._locks.break_lock(name, reason, fencing_token)

    def queue(self, name: str) -> Queue:
        """Return the requests that wait for a lock, in order of arrival."""
        return self._locks.queue(name)

    def leave_queue(self, name: str, lease_id: str) -> None:
        """Give up the place in the line of a lock, and of all other locks of its request.

        A place outlives its request by 15 seconds. A call of this library that still waits joins the end of
        the line instead: to end it, set its `cancel`. `NotFoundError` if you have no such place.
        """
        self._locks.leave_queue(name, lease_id)

    def lock_status(self, name: str) -> LockStatus:
        """Return the status of a lock."""
        return self._locks.status(name)

    def list_locks(self, *, prefix: str | None = None, owner: Literal["me"] | None = None) -> list[HeldLock]:
        """List all locks that are held, sorted by name. Filter by prefix, or to your own."""
        return self._locks.list(prefix, owner)

    def watch(self, name: str, *, events: Sequence[EventFilter] | None = None) -> Watch[LockStatus]:
        """Return an iterator over the state of a lock, then everything that happens to it.

        Args:
            name: The lock's name.
            events: Which events you get: `*` by default, which leaves out `broken` and `release_requested`.

        """
        check_name(name)
        return Watch(self._caller, _with_query(lock_path(name, "/watch"), events=events), read_lock_status)

    def watch_prefix(self, prefix: str, *, events: Sequence[EventFilter] | None = None) -> Watch[PrefixState]:
        """Do the same for all locks whose names begin with `prefix`."""
        return Watch(self._caller, _with_query("/watch", prefix=prefix, events=events), read_prefix_state)

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
        session = open_session(
            self._sessions,
            ttl_seconds,
            servers=self._caller.servers,
            timeout_seconds=self._transport.timeout_seconds,
            on_lost=on_lost,
        )
        return self._closing_at_exit(session)

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
        request = Request("GET", "/health", is_public=True)
        return self._caller.call(Call(lambda: request, read_health), is_safe=True).value

    def status_counters(self) -> StatusCounters:
        """Return the server's counters, such as how many locks are held."""
        request = Request("GET", "/status", is_public=True)
        call = Call(lambda: request, of_object(read_status_counters))
        return self._caller.call(call, is_safe=True).value

    def rotate_token(self) -> str:
        """Replace the token and return the new one. The old one stops working immediately.

        Everything that this client has under way uses the new token, in all threads: requests, handles,
        elections and watches. Raises `ValidationError` if a function gives the token.
        """
        request = Request("POST", "/auth/token/rotate")
        call = Call(lambda: request, of_object(lambda fields: fields.text("token")))

        def ask(token: str | None) -> str:
            # With a fixed token. Otherwise a 401 would make the rotation wait for itself.
            caller = Caller(self._caller.servers, self._transport, Bearer(token))
            return caller.call(call, is_safe=False).value

        return self._caller.bearer.rotate(ask)

    def _slice(self, seconds: float | None) -> float:
        return self._wait_slice_seconds if seconds is None else seconds

    def _holding(
        self,
        session: SessionHandle | None,
        on_ask: Callable[[str], object] | None = None,
        on_lost: OnLockLost | None = None,
        on_release_requested: OnReleaseRequested | None = None,
    ) -> Holding:
        return Holding(
            servers=self._caller.servers,
            timeout_seconds=self._transport.timeout_seconds,
            session=session,
            on_ask=on_ask,
            on_lost=on_lost,
            on_release_requested=on_release_requested,
        )

    def _closing_at_exit(self, handle: AnyHandle) -> AnyHandle:
        if self._releases_on_exit:
            OPEN_AT_EXIT.add(handle)
        return handle


def _with_query(path: str, *, prefix: str | None = None, events: Sequence[EventFilter] | None = None) -> str:
    asked = {"prefix": prefix, "events": None if events is None else ",".join(events)}
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    return f"{path}?{query}" if query else path
