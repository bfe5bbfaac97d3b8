"""The client for asyncio."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial, wraps
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypedDict, TypeVar, cast

from ._aio import Opening, in_thread, led_in, opened
from ._async_handles import AsyncLockHandle, AsyncSessionHandle, AsyncWatch
from ._bearer import TokenSource
from ._client import OctoStoreClient
from ._fence_api import FenceApi
from ._handle_events import Observer
from ._lease_api import LeaseApi
from ._lock import LockHandle
from ._lock_types import ConvertibleMode, Lease, LockStatus, WantedLock, WholeLease
from ._opener import Opener
from ._rules import RULES
from ._session import SessionHandle
from ._signals import Signal, Trigger
from ._types import EventFilter
from ._watch import PrefixState
from ._webhook_api import WebhookApi

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

P = ParamSpec("P")
T = TypeVar("T")
Api = TypeVar("Api")
Api_co = TypeVar("Api_co", covariant=True)

AsyncLead = Callable[[AsyncLockHandle], Awaitable[object]]
"""What an asynchronous leader does. It is cancelled when the lock is lost, or the election is stopped."""


class _LeaseOptions(TypedDict, total=False):
    ttl_seconds: int
    wait_seconds: float
    wait_slice_seconds: float | None
    metadata: str | None
    proof: bool
    lock_delay_seconds: int | None
    min_hold_seconds: int | None


class HoldAllOptions(_LeaseOptions, total=False):
    """The arguments of `hold_all`, as of `OctoStoreClient`."""

    on_ask: Callable[[str], object] | None


class HoldOptions(HoldAllOptions, total=False):
    """The arguments of `hold`, as of `OctoStoreClient`."""

    mode: ConvertibleMode | None
    limit: int | None
    permits: int | None


class AcquireAllOptions(_LeaseOptions, total=False):
    """The arguments of `acquire_all`, as of `OctoStoreClient`."""

    session_id: str | None
    lease_id: str | None


class AcquireOptions(AcquireAllOptions, total=False):
    """The arguments of `acquire`, as of `OctoStoreClient`."""

    mode: ConvertibleMode | None
    limit: int | None
    permits: int | None


class _Blocking(Protocol[Api_co]):
    @property
    def blocking(self) -> Api_co: ...


def _in_thread(
    method: Callable[Concatenate[Api, P], T],
) -> Callable[Concatenate[_Blocking[Api], P], Coroutine[Any, Any, T]]:
    """Make an asynchronous method of a blocking one."""

    @wraps(method)
    async def call(self: _Blocking[Api], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await in_thread(lambda: method(self.blocking, *args, **kwargs))

    return call


class AsyncFenceApi:
    """The calls of fences, for asyncio. Use `client.fences`. `FenceApi` describes them."""

    def __init__(self, blocking: FenceApi) -> None:
        self.blocking = blocking
        """The same calls, which block."""

    advance = _in_thread(FenceApi.advance)
    check = _in_thread(FenceApi.check)
    get = _in_thread(FenceApi.get)


class AsyncLeaseApi:
    """Your leases by their ids, for asyncio. Use `client.leases`. `LeaseApi` describes the calls."""

    def __init__(self, blocking: LeaseApi) -> None:
        self.blocking = blocking
        """The same calls, which block."""

    get = _in_thread(LeaseApi.get)
    renew = _in_thread(LeaseApi.renew)
    release = _in_thread(LeaseApi.release)


class AsyncWebhookApi:
    """The calls of webhooks, for asyncio. Use `client.webhooks`. `WebhookApi` describes them."""

    def __init__(self, blocking: WebhookApi) -> None:
        self.blocking = blocking
        """The same calls, which block."""

    create = _in_thread(WebhookApi.create)
    list = _in_thread(WebhookApi.list)
    delete = _in_thread(WebhookApi.delete)
    deliveries = _in_thread(WebhookApi.deliveries)
    redeliver = _in_thread(WebhookApi.redeliver)
    skip = _in_thread(WebhookApi.skip)
    test = _in_thread(WebhookApi.test)


class AsyncOctoStoreClient:
    """A user's access to an OctoStore server, for asyncio. Share it between the tasks of an event loop.

    It follows the same rules as `OctoStoreClient`, whose methods describe the arguments and errors: each call
    runs that client in a thread of its own, and so does each wait for a lock. If a task that acquires a lock
    is cancelled, the acquire ends, and a lock that was granted nevertheless is released in the background.
    Other calls go on if their task is cancelled, and their result is dropped.

    Args:
        base_url: As of `OctoStoreClient`, as are all others.
        token: The token, or a function that returns it, which is called in a thread.
        timeout_seconds: Timeout of one HTTP attempt.
        ssl_context: For https.
        wait_slice_seconds: For how long one request waits in line at most.
        observer: Called for each event of locks and sessions, possibly from several threads at once.
        opener: Sends the HTTP requests. It blocks: it runs in threads.
        release_on_exit: Whether to close all handles and sessions when the process exits.

    """

    def __init__(
        self,
        base_url: str | Sequence[str] | None = None,
        token: str | TokenSource | None = None,
        *,
        timeout_seconds: float = RULES.timeout_ms_default / 1000,
        ssl_context: ssl.SSLContext | None = None,
        wait_slice_seconds: float = RULES.wait_slice_seconds_default,
        release_on_exit: bool = False,
        observer: Observer | None = None,
        opener: Opener | None = None,
    ) -> None:
        self.blocking = OctoStoreClient(
            base_url,
            token,
            timeout_seconds=timeout_seconds,
            ssl_context=ssl_context,
            wait_slice_seconds=wait_slice_seconds,
            release_on_exit=release_on_exit,
            observer=observer,
            opener=opener,
        )
        """The client that does the work. It blocks, so use it in other threads only."""
        self.fences = AsyncFenceApi(self.blocking.fences)
        """Remembers the highest fencing token that a resource has seen."""
        self.leases = AsyncLeaseApi(self.blocking.leases)
        """Shows, renews and releases leases by their ids."""
        self.webhooks = AsyncWebhookApi(self.blocking.webhooks)
        """Creates, lists and deletes webhooks, and shows deliveries."""

    def __repr__(self) -> str:
        return f"Async{self.blocking!r}"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close idle connections. Close handles and watches separately."""
        self.blocking.close()

    def hold(
        self, name: str, *, session: AsyncSessionHandle | None = None, **options: Unpack[HoldOptions]
    ) -> Opening[AsyncLockHandle]:
        """Acquire a lock and renew it in the background. Use it in `async with`, or await a handle.

        The arguments and errors are those of `OctoStoreClient.hold`.
        """

        async def begin() -> AsyncLockHandle:
            acquire = partial(self.blocking.hold, name, session=_blocking(session), **options)
            return AsyncLockHandle(await opened(lambda cancel: acquire(cancel=cancel), LockHandle.close))

        return Opening(begin)

    def hold_all(
        self,
        locks: Sequence[str | WantedLock],
        *,
        session: AsyncSessionHandle | None = None,
        **options: Unpack[HoldAllOptions],
    ) -> Opening[AsyncLockHandle]:
        """Acquire several locks under one lease. Use it in `async with`, or await a handle.

        The arguments and errors are those of `OctoStoreClient.hold_all`.
        """

        async def begin() -> AsyncLockHandle:
            acquire = partial(self.blocking.hold_all, locks, session=_blocking(session), **options)
            return AsyncLockHandle(await opened(lambda cancel: acquire(cancel=cancel), LockHandle.close))

        return Opening(begin)

    def open_session(
        self, *, ttl_seconds: int = RULES.session_ttl_seconds_default
    ) -> Opening[AsyncSessionHandle]:
        """Open a session and keep it alive in the background. Use it in `async with`, or await a handle.

        Args:
            ttl_seconds: How long the session lasts without a keepalive, 10 to 300.

        """

        async def begin() -> AsyncSessionHandle:
            open_session = partial(self.blocking.open_session, ttl_seconds=ttl_seconds)
            return AsyncSessionHandle(await opened(lambda _: open_session(), SessionHandle.close))

        return Opening(begin)

    async def elect(
        self,
        name: str,
        lead: AsyncLead,
        *,
        ttl_seconds: int = RULES.ttl_seconds_default,
        wait_slice_seconds: float | None = None,
        metadata: str | None = None,
        session: AsyncSessionHandle | None = None,
        once: bool = False,
    ) -> None:
        """Campaign for a lock, and await `lead(lock)` each time it is acquired, until the task is cancelled.

        `lead` is cancelled when the lock is lost, or this task is cancelled. The lock is released after that
        has ended. Raises what `lead` raises, and errors that trying again cannot fix, such as
        `AuthenticationError`.

        Args:
            name: The lock's name.
            lead: What the leader does.
            ttl_seconds: How long the lease lasts without a renewal, 1 to 3600.
            wait_slice_seconds: For how long one request waits at most, 1 to 60. The client's by default.
            metadata: A note of at most 1024 bytes, shown to everyone who looks at the lock.
            session: Ties the lock to a session.
            once: Leave the election after leading once.

        """
        loop = asyncio.get_running_loop()

        def lead_in_loop(lock: LockHandle, stop: Signal) -> None:
            # Elections pass triggers.
            led_in(loop, lambda: lead(AsyncLockHandle(lock)), cast("Trigger", stop))

        election = self.blocking.elect(
            name,
            lead_in_loop,
            ttl_seconds=ttl_seconds,
            wait_slice_seconds=wait_slice_seconds,
            metadata=metadata,
            session=_blocking(session),
            once=once,
        )
        ended = asyncio.wrap_future(election.ended)
        try:
            await asyncio.shield(ended)
        except asyncio.CancelledError:
            election.stop()
            # The leader must have ended before anyone goes on.
            await asyncio.wait([ended])
            await ended
            raise

    async def acquire(self, name: str, **options: Unpack[AcquireOptions]) -> Lease:
        """Acquire a lock without renewing it. Prefer `hold`. As `OctoStoreClient.acquire`."""
        acquire = partial(self.blocking.acquire, name, **options)

        def release(lease: Lease) -> None:
            self.blocking.release(name, lease.lease_id)

        return await opened(lambda cancel: acquire(cancel=cancel), release)

    async def acquire_all(
        self, locks: Sequence[str | WantedLock], **options: Unpack[AcquireAllOptions]
    ) -> WholeLease:
        """Acquire several locks under one lease. Prefer `hold_all`. As `OctoStoreClient.acquire_all`."""
        acquire = partial(self.blocking.acquire_all, locks, **options)

        def release(lease: WholeLease) -> None:
            self.blocking.leases.release(lease.lease_id)

        return await opened(lambda cancel: acquire(cancel=cancel), release)

    def watch(self, name: str, *, events: Sequence[EventFilter] | None = None) -> AsyncWatch[LockStatus]:
        """Return an async iterator over the state of a lock, then everything that happens to it."""
        return AsyncWatch(self.blocking.watch(name, events=events))

    def watch_prefix(
        self, prefix: str, *, events: Sequence[EventFilter] | None = None
    ) -> AsyncWatch[PrefixState]:
        """Do the same for all locks whose names begin with `prefix`."""
        return AsyncWatch(self.blocking.watch_prefix(prefix, events=events))

    renew = _in_thread(OctoStoreClient.renew)
    release = _in_thread(OctoStoreClient.release)
    convert = _in_thread(OctoStoreClient.convert)
    request_release = _in_thread(OctoStoreClient.request_release)
    break_lock = _in_thread(OctoStoreClient.break_lock)
    lock_status = _in_thread(OctoStoreClient.lock_status)
    list_locks = _in_thread(OctoStoreClient.list_locks)
    queue = _in_thread(OctoStoreClient.queue)
    leave_queue = _in_thread(OctoStoreClient.leave_queue)
    create_session = _in_thread(OctoStoreClient.create_session)
    keepalive = _in_thread(OctoStoreClient.keepalive)
    session_status = _in_thread(OctoStoreClient.session_status)
    end_session = _in_thread(OctoStoreClient.end_session)
    health = _in_thread(OctoStoreClient.health)
    status_counters = _in_thread(OctoStoreClient.status_counters)
    rotate_token = _in_thread(OctoStoreClient.rotate_token)


def _blocking(session: AsyncSessionHandle | None) -> SessionHandle | None:
    return None if session is None else session.handle
