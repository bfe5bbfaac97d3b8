"""Locks that are held."""

from __future__ import annotations

from collections.abc import Callable

from ._handle import Handle
from ._keeper import Keeper
from ._lock_api import LockApi
from ._types import Lease


class LockHandle(Handle):
    """A lock that you hold. It is renewed in the background until it is released or lost.

    Created by `OctoStoreClient.hold`. As a context manager, it releases the lock at the end of the block.
    Safe to share between threads.
    """

    def __init__(self, api: LockApi, lease: Lease, keeper: Keeper, on_lost: OnLockLost | None) -> None:
        super().__init__(keeper, None if on_lost is None else lambda: on_lost(self))
        self._api = api
        self._lease = lease

    @property
    def name(self) -> str:
        """Name of the lock."""
        return self._lease.name

    @property
    def lease_id(self) -> str:
        """Proves that you hold the lock."""
        return self._lease.lease_id

    @property
    def fencing_token(self) -> int:
        """Send it with every write to what the lock protects, which must refuse lower ones."""
        return self._lease.fencing_token

    def release(self) -> None:
        """Release the lock. Fails if the server cannot be reached, but not if the lock was already lost."""
        self._end()

    def __repr__(self) -> str:
        return f"LockHandle({self.name!r}, fencing_token={self.fencing_token})"

    def _end_on_server(self) -> None:
        self._api.release(self.name, self.lease_id)


OnLockLost = Callable[[LockHandle], object]
"""Called in a thread of its own."""
