"""What an error says about trying again."""

from __future__ import annotations

from ._errors import (
    AuthenticationError,
    LeaseBrokenError,
    LimitError,
    NetworkError,
    NotFoundError,
    OctoStoreError,
    PermissionDeniedError,
    RequestTimeoutError,
    ServerError,
    UnavailableError,
    ValidationError,
)

_FINAL = (AuthenticationError, LimitError, NotFoundError, PermissionDeniedError, ValidationError)
_FAULTS_OF_SERVER = (NetworkError, RequestTimeoutError, ServerError, UnavailableError)

_NOTHING_DONE = {"no_leader", "shutting_down"}
"""The codes of a 503 to a request that has had no effect."""


def may_repeat(error: OctoStoreError, *, is_safe: bool) -> bool:
    """Whether to retry a call that failed with this error. It `is_safe` if it is harmless to do it twice."""
    return _is_transient(error) and (is_safe or _was_without_effect(error))


def is_final(error: OctoStoreError) -> bool:
    """Whether retrying cannot help, with the same request or another one."""
    # After a break, another request gets another lease.
    return isinstance(error, _FINAL) and error.status != 429 and not isinstance(error, LeaseBrokenError)


def leaves_unknown(error: OctoStoreError) -> bool:
    """Whether the server may have done it despite the error."""
    if isinstance(error, (NetworkError, UnavailableError)):
        return not _was_without_effect(error)
    return isinstance(error, (RequestTimeoutError, ServerError))


def is_fault_of_server(error: OctoStoreError) -> bool:
    """Whether another server may well answer the same request properly."""
    return isinstance(error, _FAULTS_OF_SERVER)


def _was_without_effect(error: OctoStoreError) -> bool:
    """Whether it is certain that the server has not begun with the request."""
    if isinstance(error, NetworkError):
        return not error.was_sent
    return isinstance(error, UnavailableError) and error.code in _NOTHING_DONE


def _is_transient(error: OctoStoreError) -> bool:
    """Whether the same request may well succeed a moment later."""
    if isinstance(error, LimitError):
        return error.status == 429
    if isinstance(error, ServerError):
        return (error.status or 0) < 300
    return isinstance(error, (NetworkError, RequestTimeoutError, UnavailableError))
