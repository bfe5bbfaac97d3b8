"""The exceptions of this library, with one base class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

ErrorType = Literal[
    "held",
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


@dataclass(frozen=True)
class Holder:
    """Who holds the lock, and until when."""

    holder: str
    """Login of the holder."""
    holder_id: str
    expires_at: datetime
    """When the lease expires unless the holder renews it."""
    metadata: str | None


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
    """Someone else holds the lock, and still did when the wait was over."""

    type = "held"

    def __init__(self, message: str, facts: ErrorFacts, holder: Holder) -> None:
        super().__init__(message, facts)
        self.holder = holder.holder
        """Login of the holder."""
        self.holder_id = holder.holder_id
        self.expires_at = holder.expires_at
        """When the lease expires unless the holder renews it."""
        self.metadata = holder.metadata


class AuthenticationError(OctoStoreError):
    """The token is missing, mistyped, rotated or revoked."""

    type = "authentication"


class ValidationError(OctoStoreError):
    """The request is not valid. The library refused it before sending, or the server did."""

    type = "validation"


class NotFoundError(OctoStoreError):
    """The lease, session, webhook or delivery does not exist, no longer exists, or is not yours."""

    type = "not_found"


class LostError(NotFoundError):
    """A lock or session that you held has ended, or may have expired."""


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
