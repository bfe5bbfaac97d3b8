"""Locks that are held."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Protocol

from ._errors import ErrorFacts, LockLostError, LostError, NotFoundError, ServerError, ValidationError
from ._handle import Handle
from ._keeper import Keeper
from ._lock_types import ConvertibleMode, Lease, LeaseLock, ReleaseRequest, WholeLease


class Keeping(Protocol):
    """Keeps the lease of a handle on the server."""

    def release(self, lease_id: str, deadline: float) -> None:
        """Release it until a given time of the monotonic clock."""

    def release_once(self, lease_id: str) -> None:
        """Make one brief attempt."""

    def convert(self, name: str, lease_id: str, mode: ConvertibleMode) -> Lease:
        """Hold one of its locks in another mode."""


class Held:
    """What is known about the lease of a handle. Renewals update it. It does not refer to the handle."""

    def __init__(self, lease: Lease | WholeLease) -> None:
        self.lease_id = lease.lease_id
        self.proof = lease.proof
        self.release_requested = lease.release_requested
        self.conversions = 0
        """Grows when a conversion begins and when it ends. A renewal during one may be out of date."""
        self._tell: Callable[[ReleaseRequest], None] | None = None
        self._told: ReleaseRequest | None = None
        self.adopt(lease)

    def adopt(self, lease: Lease | WholeLease) -> None:
        """Take over how the lease holds its locks."""
        self.locks = _locks_of(lease)
        self.fencing_token = lease.fencing_token

    def renewed(self, lease: Lease | WholeLease, conversions: int) -> None:
        """Take over what a renewal says that was sent after so many conversions."""
        self.proof = lease.proof
        if conversions == self.conversions:
            self.adopt(lease)
        self.release_requested = lease.release_requested
        self._tell_once()

    def listen(self, tell: Callable[[ReleaseRequest], None]) -> None:
        """Call a function once for each request to release."""
        self._tell = tell
        self._tell_once()

    def _tell_once(self) -> None:
        request = self.release_requested
        if request is not None and request != self._told and self._tell is not None:
            self._told = request
            self._tell(request)


class LockHandle(Handle):
    """One lock that you hold, or several under one lease. Renewed in the background until released or lost.

    Created by `OctoStoreClient.hold` and `hold_all`. As a context manager, it releases the lock at the end of
    the block. If the lock was lost while the block ran, the end of the block raises `LockLostError`, unless
    the block itself has failed: then its exception has the loss as its context. Safe to share between
    threads, but not with forked processes.
    """

    def __init__(
        self,
        keeping: Keeping,
        held: Held,
        keeper: Keeper,
        on_lost: OnLockLost | None,
        on_release_requested: OnReleaseRequested | None,
    ) -> None:
        super().__init__(keeper, on_lost)
        self._keeping = keeping
        self._held = held
        self._on_release_requested = on_release_requested
        if on_release_requested is not None:
            this = weakref.ref(self)
            held.listen(lambda request: _tell_of_request(this(), request))

    @property
    def name(self) -> str:
        """Name of the lock. If you hold several: of the first."""
        return self._held.locks[0].name

    @property
    def lease_id(self) -> str:
        """Proves that you hold the lock."""
        return self._held.lease_id

    @property
    def fencing_token(self) -> int:
        """Send it with every write to what the lock protects, which must refuse lower ones.

        It changes only if you convert a lock to `exclusive`.
        """
        return self._held.fencing_token

    @property
    def locks(self) -> tuple[LeaseLock, ...]:
        """All locks that you hold, in the order in which you asked for them."""
        return self._held.locks

    @property
    def slots(self) -> tuple[int, ...]:
        """The numbers of your permits, if the lock is counted. If you hold several locks: of the first."""
        return self._held.locks[0].slots or ()

    @property
    def proof(self) -> str | None:
        """The proof of the lease, if you asked for one. Each renewal replaces it, so do not keep it."""
        return self._held.proof

    @property
    def release_requested(self) -> ReleaseRequest | None:
        """The latest request of someone else to release a lock that you hold, as of the last renewal."""
        return self._held.release_requested

    def convert(self, mode: ConvertibleMode, name: str | None = None) -> None:
        """Hold a lock in another mode, without letting go of it. If you already do, nothing changes.

        `shared` always succeeds, and lets waiting readers in. `exclusive` succeeds only if no one else holds
        the lock, ahead of everyone in line; you then get a new `fencing_token`, for all locks of the handle.
        If the outcome is unknown, after a `NetworkError` for example, the next renewal updates `locks` and
        `fencing_token`.

        Args:
            mode: `exclusive` or `shared`.
            name: The lock, if you hold several. The first by default.

        Raises:
            LockHeldError: If it is to be exclusive and others hold it too. Does not wait for them.
            ValidationError: If the lock is counted, or the handle does not hold it.
            NotFoundError: If it is lost.

        """
        if self._is_foreign:
            self.raise_if_lost()
        lock = self.name if name is None else name
        if all(held.name != lock for held in self.locks):
            raise ValidationError("The handle does not hold this lock.")
        self._held.conversions += 1
        try:
            self._held.adopt(self._keeping.convert(lock, self.lease_id, mode))
        except NotFoundError as error:
            self.keeper.lose(error)
            raise
        finally:
            self._held.conversions += 1

    def release(self) -> None:
        """Release every lock. Takes no longer than what is left of the lease.

        Fails if the server cannot be reached, but not if the lock was already lost. In a forked child, raises
        `LockLostError`, and the lock stays held.
        """
        self._end()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        loss = None if self._has_ended or self._is_foreign else self._loss()
        self.close()
        if loss is None:
            return
        if error is None:
            raise loss
        _add_context(error, loss)

    def __repr__(self) -> str:
        names = ", ".join(lock.name for lock in self.locks)
        return f"<LockHandle {names!r} fencing_token={self.fencing_token} {self._state}>"

    def _lost_error(self, message: str, facts: ErrorFacts) -> LostError:
        return LockLostError(message, facts, self.name)

    def _end_on_server(self, deadline: float) -> None:
        self._keeping.release(self.lease_id, deadline)

    def _end_on_server_once(self) -> None:
        self._keeping.release_once(self.lease_id)


OnLockLost = Callable[[LockHandle], object]
"""Called in a thread of its own."""

OnReleaseRequested = Callable[[LockHandle, ReleaseRequest], object]
"""Called in a thread of its own, once for each request."""


def what_is(locks: tuple[LeaseLock, ...]) -> str:
    """Describe what a lease holds, for messages."""
    names = ", ".join(f'"{lock.name}"' for lock in locks)
    return f"the lock {names}" if len(locks) == 1 else f"the lease of {names}"


def _locks_of(lease: Lease | WholeLease) -> tuple[LeaseLock, ...]:
    """Servers list the locks of a lease of one lock only if it is asked for by its id."""
    if lease.locks:
        return lease.locks
    if isinstance(lease, WholeLease):
        raise ServerError("the server has granted a lease without any lock")
    hold = LeaseLock(
        name=lease.name, mode=lease.mode, limit=lease.limit, permits=lease.permits, slots=lease.slots
    )
    return (hold,)


def _tell_of_request(handle: LockHandle | None, request: ReleaseRequest) -> None:
    callback = None if handle is None else handle._on_release_requested  # noqa: SLF001 - a part of the class
    if handle is None or callback is None:
        return
    thread = threading.Thread(
        target=callback, args=[handle, request], name="octostore-on-release-requested", daemon=True
    )
    with suppress(RuntimeError):  # The interpreter is shutting down and starts no more threads.
        thread.start()


def _add_context(error: BaseException, loss: BaseException) -> None:
    """Show a loss with the exception of a block, after what that has as its context already."""
    seen: set[int] = set()
    while error.__context__ is not None and id(error) not in seen:
        if isinstance(error, LockLostError):
            return
        seen.add(id(error))
        error = error.__context__
    if error.__context__ is None and not isinstance(error, LockLostError):
        error.__context__ = loss
