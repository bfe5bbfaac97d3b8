"""The server's responses about locks as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ConvertibleMode = Literal["exclusive", "shared"]
"""The modes that you can convert a lock to while you hold it."""

LockMode = Literal["exclusive", "shared", "counted"]
"""`exclusive`: one lease holds the lock. `shared`: any number may. `counted`: they share its permits."""


@dataclass(frozen=True, kw_only=True)
class WantedLock:
    """One of several locks that you want together."""

    name: str
    mode: ConvertibleMode | None = None
    """`exclusive` by default. Leave it out if you give a `limit`."""
    limit: int | None = None
    """Makes the lock counted: its leases may have this many permits together, 1 to 10,000."""
    permits: int | None = None
    """How many permits of a counted lock you want, 1 to `limit`, 1 by default."""


@dataclass(frozen=True, kw_only=True)
class LeaseLock:
    """One lock of a lease, and how the lease holds it."""

    name: str
    mode: LockMode = "exclusive"
    limit: int | None = None
    """How many permits the lock has. Only if it is counted."""
    permits: int | None = None
    """How many permits the lease has. Only if the lock is counted."""
    slots: tuple[int, ...] | None = None
    """The numbers of its permits, 0 to `limit` minus 1, which no other lease has. Only if it is counted."""


@dataclass(frozen=True, kw_only=True)
class ReleaseRequest:
    """Someone asks the holders of a lock to release it. Each of them decides."""

    by: str
    """Login of the user who asks."""
    message: str | None
    at: datetime
    """When they asked, by the server's clock."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What is known about a lease."""

    fencing_token: int
    """Higher than that of every earlier grant, of any lock."""
    expires_at: datetime
    """When the lease expires unless it is renewed, by the server's clock."""
    holder: str
    """Login of the holder."""
    holder_id: str
    metadata: str | None


@dataclass(frozen=True, kw_only=True)
class LeaseFacts(Grant):
    """What every lease of yours has, whatever it locks."""

    status: Literal["acquired", "held"]
    """`acquired` if this call granted the lease, `held` if it existed before."""
    lease_id: str
    """Proves that the lease is yours."""
    proof: str | None = None
    """Shows others that you hold the locks, until it expires: a JSON Web Token. Only if you asked for one."""
    release_requested: ReleaseRequest | None = None
    """The latest request to release one of its locks. Only in the response to a renewal."""


@dataclass(frozen=True, kw_only=True)
class Lease(LeaseFacts, LeaseLock):
    """A lock granted to you."""

    locks: tuple[LeaseLock, ...] | None = None
    """All locks of the lease, in the order in which you asked for them. None if it is only this one."""


@dataclass(frozen=True, kw_only=True)
class WholeLease(LeaseFacts):
    """A lease with all its locks."""

    locks: tuple[LeaseLock, ...]
    """In the order in which you asked for them."""
    session_id: str | None = None
    """The session that the lease is tied to, if there is one."""


@dataclass(frozen=True, kw_only=True)
class HeldLock(Grant, LeaseLock):
    """A lock that is held, and one of its leases."""

    status: Literal["held"] = "held"
    lease_id: str | None
    """None unless the lease is yours."""


@dataclass(frozen=True, kw_only=True)
class LockHolder(Grant):
    """One of the leases that hold a lock."""

    lease_id: str | None
    """None unless the lease is yours."""
    slots: tuple[int, ...] | None = None
    """Which permits the lease has. Only if the lock is counted."""


@dataclass(frozen=True, kw_only=True)
class HeldLockStatus(HeldLock):
    """The status of a lock that is held. If several leases hold it, it shows the one granted first."""

    waiters: int
    """Number of requests waiting for the lock."""
    holder_count: int = 1
    """Number of leases that hold the lock."""
    permits_in_use: int | None = None
    """How many permits its leases have together. Only if the lock is counted."""
    holders: tuple[LockHolder, ...] = ()
    """The first 100 leases that hold the lock, in the order they were granted."""


@dataclass(frozen=True, kw_only=True)
class AvailableLockStatus:
    """The status of a lock that is available."""

    status: Literal["available"] = "available"
    name: str
    message: str
    fencing_token: int
    """The highest fencing token issued so far, for any lock."""
    waiters: int


@dataclass(frozen=True, kw_only=True)
class DelayedLockStatus:
    """The status of a lock that no one holds, and that no one gets for a while.

    Its last lease had a lock delay or a minimum hold.
    """

    status: Literal["delayed"] = "delayed"
    name: str
    message: str
    fencing_token: int
    """The highest fencing token issued so far, for any lock."""
    waiters: int
    available_at: datetime
    """Until when no one gets it, by the server's clock."""


LockStatus = HeldLockStatus | AvailableLockStatus | DelayedLockStatus


@dataclass(frozen=True, kw_only=True)
class QueuePlace:
    """One place in the line of a lock."""

    position: int
    """Where in the line of the requests that are asking, from 1."""
    holder: str
    """Login of the waiting user."""
    holder_id: str
    since: datetime
    """When the request joined the line, by the server's clock."""
    mode: LockMode
    limit: int | None
    """The limit that the request gives. Only if it is counted."""
    permits: int | None
    """How many permits the request wants. Only if it is counted."""
    asking: bool
    """Whether a client is waiting for the answer now. Otherwise the place is kept for some seconds."""
    lease_id: str | None
    """None unless the place is yours."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """The line of a lock."""

    name: str
    waiters: int
    """Number of requests that are waiting for the lock now."""
    total: int
    """Number of places, including those that are only kept."""
    queue: tuple[QueuePlace, ...]
    """The first 100 places, in order of arrival."""


@dataclass(frozen=True, kw_only=True)
class Break:
    """What a break has ended."""

    lease_count: int
    """Number of leases."""
    fencing_tokens: tuple[int, ...]
    """The fencing tokens of the first 100 of them, in the order they were granted."""
    ended_delay: bool
    """Whether no one held the lock, and it is now `available` instead of `delayed`."""


@dataclass(frozen=True, kw_only=True)
class Fence:
    """What a fence has seen."""

    name: str
    highest: int
    """The highest fencing token. 0 if it has seen none."""
