"""The server's responses as values, apart from those about locks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

LockEventType = Literal["acquired", "released", "renewed", "expired"]


@dataclass(frozen=True, kw_only=True)
class KeptSession:
    """A session, and when it expires unless it is kept alive."""

    session_id: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class CreatedSession(KeptSession):
    """A session that has just been created."""

    keepalive_interval_secs: int
    """The interval between keepalives that the server recommends, in seconds."""


@dataclass(frozen=True, kw_only=True)
class SessionStatus(KeptSession):
    """The status of a session."""

    user_id: str
    lock_count: int
    """Number of locks that the session holds."""
    active: bool


@dataclass(frozen=True, kw_only=True)
class StatusCounters:
    """The server's counters."""

    service: str
    version: str
    status: str
    uptime_seconds: int
    locks_held: int
    sessions: int
    waiters: int


@dataclass(frozen=True, kw_only=True)
class LockEvent:
    """Something that happened to a lock."""

    event: LockEventType
    lock: str
    holder_id: str | None
    """None if the lock was released or has expired."""
    fencing_token: int | None
    """None if the lock was released or has expired."""
    timestamp: datetime
    sequence: int
    """Strictly increasing across all locks."""
    expires_at: datetime | None = None
    """With `acquired` and `renewed` only."""
    metadata: str | None = None
    """With `acquired` and `renewed` only."""
    holder: str | None = None
    """Login of the holder; in watch streams, with `acquired` and `renewed` only."""


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """Where the server sends events of locks."""

    id: str
    user_id: str
    url: str
    secret: str | None
    """`****` if there is one."""
    events: tuple[str, ...]
    lock_pattern: str | None
    created_at: datetime
    active: bool
    disabled_reason: str | None


@dataclass(frozen=True, kw_only=True)
class DeliveryAttempt:
    """One attempt to deliver an event."""

    at: datetime
    status: int | None
    """HTTP status of the receiver. None if it did not respond."""
    error: str | None
    """Why it failed. None if it did not."""
    duration_ms: int


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The delivery of one event to one webhook."""

    id: str
    """Also sent as the `webhook-id` header. The same on every attempt."""
    webhook_id: str
    state: Literal["pending", "delivered", "dead"]
    dead_reason: str | None
    payload: LockEvent
    attempts: tuple[DeliveryAttempt, ...]
    """The most recent attempts, oldest first."""
    next_attempt_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Deliveries:
    """A page of deliveries."""

    deliveries: tuple[Delivery, ...]
    """Newest event first."""
    next_before: int | None
    """Pass this as `before` to get the next page. None on the last page."""
