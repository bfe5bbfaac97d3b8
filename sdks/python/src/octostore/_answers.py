"""Interprets the responses of the server."""

from __future__ import annotations

import email.utils
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TypeVar

from ._errors import (
    AuthenticationError,
    BrokenFacts,
    ErrorFacts,
    HeldFacts,
    LeaseBrokenError,
    LimitError,
    LockHeldError,
    NotFoundError,
    OctoStoreError,
    PermissionDeniedError,
    ServerError,
    StaleTokenError,
    UnavailableError,
    ValidationError,
)
from ._fields import Fields

T = TypeVar("T")

_CONFLICTS = {"lock_held", "lock_queued", "lock_delayed", "limit_mismatch"}
"""The codes of a 409 that says why you cannot have a lock now."""

_MISUSED_IDS = {"lease_mismatch", "ambiguous_lease_id"}
"""The codes of a 409 about a lease id that you use for several leases."""

_VALIDATION = {400, 413, 414, 415, 422, 431}
_NOT_FOUND = {404, 410}
_UNAVAILABLE = {502, 503, 504}


@dataclass(frozen=True)
class Answer:
    """A complete response."""

    status: int
    headers: Mapping[str, str]
    """Case-insensitive."""
    text: str
    sent_at: float
    """When the request was sent, on the monotonic clock. No lease in the response began earlier."""


def result_of(answer: Answer, read: Callable[[str], T]) -> T:
    """Read a successful response with `read`. Raises the matching error for any other response."""
    if not 200 <= answer.status <= 299:
        raise error_of(answer)
    try:
        return read(answer.text)
    except (ValueError, RecursionError) as cause:
        raise not_understood(ErrorFacts(status=answer.status)) from cause


def not_understood(facts: ErrorFacts) -> ServerError:
    """Return the error for a response that cannot be read."""
    return ServerError("the answer of the server cannot be understood", facts)


def error_of(answer: Answer) -> OctoStoreError:
    """Return the error for an unsuccessful response.

    Its message quotes only JSON errors: a proxy's error page could contain anything.
    """
    body = Fields.try_parse(answer.text)
    facts = _facts_of(answer, body)
    sentences = (body.optional_text("error"), body.optional_text("details"))
    message = " ".join(sentence for sentence in sentences if sentence)
    message = message or f"the server answered with status {answer.status}"
    if answer.status == 409 and facts.code in _CONFLICTS:
        return _held_error(message, facts, body)
    if facts.code == "lease_broken":
        return _broken_error(message, facts, body)
    if facts.code == "stale_fencing_token":
        return _stale_error(message, facts, body)
    return _error_class(answer.status, facts.code or "")(message, facts)


def _facts_of(answer: Answer, body: Fields) -> ErrorFacts:
    retry_after_ms = body.optional_integer("retry_after_ms")
    return ErrorFacts(
        code=body.optional_text("code"),
        status=answer.status,
        request_id=body.optional_text("request_id") or answer.headers.get("x-request-id"),
        retry_after_seconds=_retry_after_seconds(answer.headers.get("retry-after", ""))
        if retry_after_ms is None
        else retry_after_ms / 1000,
    )


def _error_class(status: int, code: str) -> Callable[[str, ErrorFacts], OctoStoreError]:
    if status == 401:
        return AuthenticationError
    if status in _VALIDATION or (status == 409 and code in _MISUSED_IDS):
        return ValidationError
    if status in _NOT_FOUND:
        return NotFoundError
    if status == 429 or (status == 403 and code.endswith("_limit_exceeded")):
        return LimitError
    if status == 403:
        return PermissionDeniedError
    return UnavailableError if status in _UNAVAILABLE else ServerError


def _held_error(message: str, facts: ErrorFacts, body: Fields) -> OctoStoreError:
    try:
        lock = body.member("lock")
        held = HeldFacts(
            lock=lock.text("name"),
            holder=lock.optional_text("holder"),
            holder_id=body.optional_text("holder_id"),
            expires_at=body.time("expires_at"),
            metadata=body.optional_text("metadata"),
            limit=body.optional_integer("limit"),
            position=body.optional_integer("position"),
            waiters=body.optional_integer("waiters"),
        )
    except ValueError:
        return not_understood(facts)
    if facts.code == "lock_held" and held.holder is not None:
        until = f"{held.expires_at.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
        message = f'The lock "{held.lock}" is held by {held.holder} (until {until}).'
    return LockHeldError(message, facts, held)


def _broken_error(message: str, facts: ErrorFacts, body: Fields) -> OctoStoreError:
    try:
        broken = BrokenFacts(
            reason=body.text("reason"),
            broken_by=body.text("broken_by"),
            broken_at=body.time("broken_at"),
        )
    except ValueError:
        # Whatever the rest says, the lease has ended.
        return NotFoundError(message, facts)
    return LeaseBrokenError(message, facts, broken)


def _stale_error(message: str, facts: ErrorFacts, body: Fields) -> OctoStoreError:
    try:
        return StaleTokenError(message, facts, body.integer("highest"))
    except ValueError:
        return not_understood(facts)


def _retry_after_seconds(header: str) -> float | None:
    """Read the `Retry-After` header, which holds seconds or a date."""
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        until = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=timezone.utc)
    return max(0.0, (until - datetime.now(timezone.utc)).total_seconds())
