"""Everything that can go wrong, as exceptions of one family."""

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
    """What is known of an error beyond its message."""

    code: str | None = None
    """The server's stable code, such as `lock_not_found`."""
    status: int | None = None
    """The HTTP status, if there was an answer."""
    request_id: str | None = None
    """Finds the request in the server's log."""
    retry_after_seconds: float | None = None
    """Seconds after which the server said it makes sense to try again."""


@dataclass(frozen=True)
class Holder:
    """Who has a lock that could not be had."""

    holder: str
    """Login of the holder."""
    holder_id: str
    expires_at: datetime
    """When the lock comes free if its holder does nothing."""
    metadata: str | None


class OctoStoreError(Exception):
    """The base of all errors of this library."""

    type: ClassVar[ErrorType]
    """The kind of error, named alike in all languages."""

    def __init__(self, message: str, facts: ErrorFacts | None = None) -> None:
        super().__init__(message)
        self.message = message
        self._facts = facts or ErrorFacts()

    def __reduce__(self) -> tuple[object, ...]:
        """Make it fit to be sent to another process, whatever its constructor takes."""
        return _restored, (type(self), self.args, self.__dict__)

    @property
    def code(self) -> str | None:
        """The server's stable code, such as `lock_not_found`."""
        return self._facts.code

    @property
    def status(self) -> int | None:
        """The HTTP status, if there was an answer."""
        return self._facts.status

    @property
    def request_id(self) -> str | None:
        """Finds the request in the server's log."""
        return self._facts.request_id

    @property
    def retry_after_seconds(self) -> float | None:
        """Seconds after which the server said it makes sense to try again."""
        return self._facts.retry_after_seconds


class LockHeldError(OctoStoreError):
    """Somebody else holds the lock, and still did when the wait was over."""

    type = "held"

    def __init__(self, message: str, facts: ErrorFacts, holder: Holder) -> None:
        super().__init__(message, facts)
        self.holder = holder.holder
        """Login of the holder."""
        self.holder_id = holder.holder_id
        self.expires_at = holder.expires_at
        """When the lock comes free if its holder does nothing."""
        self.metadata = holder.metadata


class AuthenticationError(OctoStoreError):
    """The token is missing, mistyped, rotated or revoked."""

    type = "authentication"


class ValidationError(OctoStoreError):
    """The request is not valid; the library has refused it before sending, or the server has."""

    type = "validation"


class NotFoundError(OctoStoreError):
    """The lease, session, webhook or delivery does not exist (any more), or is not yours."""

    type = "not_found"


class LostError(NotFoundError):
    """A lock or session that you held has ended, or can no longer be proved to live."""


class LimitError(OctoStoreError):
    """You have as many locks or sessions as allowed, or ask too often."""

    type = "limit"


class PermissionDeniedError(OctoStoreError):
    """You may not do that."""

    type = "permission"


class UnavailableError(OctoStoreError):
    """The server cannot do it now, also not after some repeats."""

    type = "unavailable"


class ServerError(OctoStoreError):
    """An answer that is no success and nothing of the above, or that cannot be understood."""

    type = "server"


class NetworkError(OctoStoreError):
    """There was no connection, or it broke before the whole answer had come."""

    type = "network"

    def __init__(self, message: str, *, was_sent: bool) -> None:
        super().__init__(message)
        self.was_sent = was_sent
        """Whether the request can have reached the server."""


class RequestTimeoutError(OctoStoreError):
    """The whole answer did not come in time."""

    type = "timeout"


class SignatureError(OctoStoreError):
    """A webhook message that was not signed with the secret, or not just now."""

    type = "signature"


def _restored(
    kind: type[OctoStoreError], args: tuple[object, ...], state: dict[str, object]
) -> OctoStoreError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error
