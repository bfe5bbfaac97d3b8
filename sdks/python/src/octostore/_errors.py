"""The exceptions of this library, with one base class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

ErrorType = Literal[
    "held",
    "lost",
    "stale",
    "authentication",
    "validation",
    "not_found",
    "limit",
    "permission",
    "unavailable",
    "server",
    "network",
    "timeout",
    "signature",
]


@dataclass(frozen=True)
class ErrorFacts:
    """What is known about an error besides its message."""

    code: str | None = None
    """The server's stable code, such as `lock_not_found`."""
    status: int | None = None
    """The HTTP status, if there was a response."""
    request_id: str | None = None
    """Identifies the request in the server's log."""
    retry_after_seconds: float | None = None
    """How long the server asks you to wait before you try again, in seconds."""


@dataclass(frozen=True, kw_only=True)
class HeldFacts:
    """Why you cannot have a lock, and until when."""

    lock: str
    holder: str | None
    holder_id: str | None
    expires_at: datetime
    metadata: str | None
    limit: int | None = None
    position: int | None = None
    waiters: int | None = None


@dataclass(frozen=True, kw_only=True)
class BrokenFacts:
    """Why a lease has ended, and who ended it."""

    reason: str
    broken_by: str
    broken_at: datetime


class OctoStoreError(Exception):
    """Base class of all errors of this library."""

    type: ClassVar[ErrorType]
    """The kind of error. The names are the same in all SDKs."""

    def __init__(self, message: str, facts: ErrorFacts | None = None) -> None:
        super().__init__(message)
        self.message = message
        self._facts = facts or ErrorFacts()

    def __reduce__(self) -> tuple[object, ...]:
        """Make it picklable, whatever arguments its constructor takes."""
        return _restored, (type(self), self.args, self.__dict__)

    @property
    def code(self) -> str | None:
        """The server's stable code, such as `lock_not_found`."""
        return self._facts.code

    @property
    def status(self) -> int | None:
        """The HTTP status, if there was a response."""
        return self._facts.status

    @property
    def request_id(self) -> str | None:
        """Identifies the request in the server's log."""
        return self._facts.request_id

    @property
    def retry_after_seconds(self) -> float | None:
        """How long the server asks you to wait before you try again, in seconds."""
        return self._facts.retry_after_seconds


class LockHeldError(OctoStoreError):
    """You cannot have the lock now, and could not when the wait was over.

    `code` says why: `lock_held` if someone else holds it, `lock_queued` if it is kept for clients that asked
    for it earlier, `lock_delayed` if it is kept from everyone for a while after its last lease,
    `limit_mismatch` if it is in use with another limit.
    """

    type = "held"

    def __init__(self, message: str, facts: ErrorFacts, held: HeldFacts) -> None:
        super().__init__(message, facts)
        self.lock = held.lock
        """Name of the lock. If you asked for several: of the first that you cannot have."""
        self.holder = held.holder
        """Login of the holder. None if no one holds the lock: it is kept for others, or from everyone."""
        self.holder_id = held.holder_id
        self.expires_at = held.expires_at
        """When the lease expires unless it is renewed. If no one holds the lock: until when it is kept."""
        self.metadata = held.metadata
        self.limit = held.limit
        """The limit that the lock has now. Only with `limit_mismatch`."""
        self.position = held.position
        """Your place in line when your wait ended, from 1. Only after a wait."""
        self.waiters = held.waiters
        """How many requests are still waiting for the lock. Only after a wait."""


class StaleTokenError(OctoStoreError):
    """A fence has seen a higher fencing token than yours. A later lease has used the resource, so stop."""

    type = "stale"

    def __init__(self, message: str, facts: ErrorFacts, highest: int) -> None:
        super().__init__(message, facts)
        self.highest = highest
        """The highest token that the fence has seen."""


class AuthenticationError(OctoStoreError):
    """The token is missing, mistyped, rotated or revoked. Without one, nothing is sent."""

    type = "authentication"


class ValidationError(OctoStoreError):
    """The request is not valid. The library refused it before sending, or the server did."""

    type = "validation"


class NotFoundError(OctoStoreError):
    """The lease, session, webhook or delivery does not exist, no longer exists, or is not yours."""

    type: ClassVar[ErrorType] = "not_found"


class LeaseBrokenError(NotFoundError):
    """Someone with the right to do so has broken the lease. Its holder's requests get this for an hour.

    If a lock handle is lost for this reason, its `LockLostError` has this as its `__cause__`.
    """

    def __init__(self, message: str, facts: ErrorFacts, broken: BrokenFacts) -> None:
        super().__init__(message, facts)
        self.reason = broken.reason
        """What they gave as the reason."""
        self.broken_by = broken.broken_by
        """Login of the user who broke it, or `administrator` if they used an admin key."""
        self.broken_at = broken.broken_at
        """By the server's clock."""


class LostError(NotFoundError):
    """A lock or session that you held has ended, or may have expired. Or another process opened it."""


class LockLostError(LostError):
    """A lock that you held is lost. The end of its `with` block raises this, unless the block has failed."""

    type = "lost"

    def __init__(self, message: str, facts: ErrorFacts, lock: str) -> None:
        super().__init__(message, facts)
        self.lock = lock
        """Name of the lock. If you held several under one lease: of the first."""


class LimitError(OctoStoreError):
    """You have reached a limit, or send requests too often."""

    type = "limit"


class PermissionDeniedError(OctoStoreError):
    """You are not allowed to do this."""

    type = "permission"


class UnavailableError(OctoStoreError):
    """The server cannot handle the request now, and retries did not help."""

    type = "unavailable"


class ServerError(OctoStoreError):
    """Any other unsuccessful response, or one that cannot be read."""

    type = "server"


class NetworkError(OctoStoreError):
    """There was no connection, or it broke before the whole response arrived."""

    type = "network"

    def __init__(self, message: str, *, was_sent: bool) -> None:
        super().__init__(message)
        self.was_sent = was_sent
        """Whether the request may have reached the server."""


class RequestTimeoutError(OctoStoreError):
    """The whole response did not arrive in time."""

    type = "timeout"


class SignatureError(OctoStoreError):
    """A webhook delivery was not signed with the secret, or its timestamp is too far off."""

    type = "signature"


def _restored(
    kind: type[OctoStoreError], args: tuple[object, ...], state: dict[str, object]
) -> OctoStoreError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error
