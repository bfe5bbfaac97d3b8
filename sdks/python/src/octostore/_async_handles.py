"""Handles and watches for asyncio."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Generic, TypeVar

from ._aio import happened, in_thread, start
from ._handle import Handle
from ._lock import LockHandle
from ._lock_types import ConvertibleMode, LeaseLock, ReleaseRequest
from ._session import SessionHandle
from ._watch import Watch, WatchUpdate

if TYPE_CHECKING:
    from typing_extensions import Self

State = TypeVar("State")
AnyHandle = TypeVar("AnyHandle", bound=Handle)


class AsyncHandle(Generic[AnyHandle]):
    """What the handles of locks and sessions have in common. It is renewed in the background, by a thread."""

    def __init__(self, handle: AnyHandle) -> None:
        self.handle = handle
        """The handle that does the work. It blocks, so use it in other threads only."""

    @property
    def is_lost(self) -> bool:
        """Whether it is lost. Checks the clock, so it is correct even after the whole process was paused."""
        return self.handle.is_lost

    @property
    def remaining_seconds(self) -> float:
        """Seconds for which it is certain to be held. 0 once it is lost."""
        return self.handle.remaining_seconds

    def raise_if_lost(self) -> None:
        """Raise `LostError`, which says why, if it is lost."""
        self.handle.raise_if_lost()

    async def wait_lost(self) -> None:
        """Wait until it is lost, before anyone else can get it. Returns at once if it is."""
        await happened(self.handle.keeper.lost)

    async def close(self) -> None:
        """Release or end it. Never fails, and takes no longer than what is left of it.

        If the task is cancelled meanwhile, that goes on in the background.
        """
        await in_thread(self.handle.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await in_thread(lambda: self.handle.__exit__(kind, error, traceback))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.handle!r}>"


class AsyncLockHandle(AsyncHandle[LockHandle]):
    """A lock that you hold, for asyncio. Created by `AsyncOctoStoreClient.hold` and `hold_all`.

    As a context manager, it does as `LockHandle`: the end of its block raises `LockLostError` if the lock was
    lost while the block ran.
    """

    @property
    def name(self) -> str:
        """Name of the lock. If you hold several: of the first."""
        return self.handle.name

    @property
    def lease_id(self) -> str:
        """Proves that you hold the lock."""
        return self.handle.lease_id

    @property
    def fencing_token(self) -> int:
        """Send it with every write to what the lock protects, which must refuse lower ones."""
        return self.handle.fencing_token

    @property
    def locks(self) -> tuple[LeaseLock, ...]:
        """All locks that you hold, in the order in which you asked for them."""
        return self.handle.locks

    @property
    def slots(self) -> tuple[int, ...]:
        """The numbers of your permits, if the lock is counted. If you hold several locks: of the first."""
        return self.handle.slots

    @property
    def proof(self) -> str | None:
        """The proof of the lease, if you asked for one. Each renewal replaces it, so do not keep it."""
        return self.handle.proof

    @property
    def release_requested(self) -> ReleaseRequest | None:
        """The latest request of someone else to release a lock that you hold, as of the last renewal."""
        return self.handle.release_requested

    async def convert(self, mode: ConvertibleMode, name: str | None = None) -> None:
        """Hold a lock in another mode. `LockHandle.convert` describes the arguments and errors."""
        await in_thread(lambda: self.handle.convert(mode, name))

    async def release(self) -> None:
        """Release every lock. Fails if the server cannot be reached, but not if the lock was already lost."""
        await in_thread(self.handle.release)


class AsyncSessionHandle(AsyncHandle[SessionHandle]):
    """A session, for asyncio. Created by `AsyncOctoStoreClient.open_session`."""

    @property
    def session_id(self) -> str:
        """The session's id on the server."""
        return self.handle.session_id

    async def end(self) -> None:
        """End the session and release its locks. Fails if the server cannot be reached."""
        await in_thread(self.handle.end)


class AsyncWatch(Generic[State]):
    """The updates of one watch, for asyncio. An async iterator for one consumer.

    A step that is cancelled loses no update: the next one gets it.
    """

    def __init__(self, watch: Watch[State]) -> None:
        self._watch = watch
        self._coming: Future[WatchUpdate[State] | None] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> WatchUpdate[State]:
        if self._coming is None:
            self._coming = start(lambda: next(self._watch, None))
        update = await asyncio.wrap_future(self._coming)
        self._coming = None
        if update is None:
            raise StopAsyncIteration
        return update

    async def aclose(self) -> None:
        """End the watch. An iteration that waits ends too."""
        self._watch.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
