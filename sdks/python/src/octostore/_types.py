"""The server's responses as values, apart from those about locks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ._lock_types import LockMode

LockEventType = Literal[
    "acquired", "released", "renewed", "expired", "broken", "release_requested", "warning"
]
"""You get the last three only if you name them. If you do not, a broken lease is `expired`."""

EventFilter = LockEventType | Literal["*"]
"""A type of event, or `*` for `acquired`, `released`, `renewed` and `expired`."""


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
    """None once the lease has ended."""
    fencing_token: int | None
    """None once an exclusive lease was released or has expired."""
    timestamp: datetime
    sequence: int
    """Strictly increasing across all locks."""
    expires_at: datetime | None = None
    """While the lease goes on only: with `acquired`, `renewed` and `release_requested`."""
    metadata: str | None = None
    """While the lease goes on only."""
    holder: str | None = None
    """Login of the holder; in watch streams, while the lease goes on only."""
    mode: LockMode = "exclusive"
    """How the lease holds or held the lock."""
    limit: int | None = None
    """How many permits the lock has. Only if it is counted."""
    slots: tuple[int, ...] | None = None
    """Which permits the lease has or had. Only if the lock is counted."""
    lease_locks: tuple[str, ...] | None = None
    """The names of all locks of the lease, as far as you may see them. Only if it holds several."""
    cause: str | None = None
    """`broken` with `expired`, if someone has broken the lease."""
    reason: str | None = None
    """Why the lease was broken. With `broken` only."""
    broken_by: str | None = None
    """Login of the user who broke the lease, or `administrator`. With `broken` only."""
    requested_by: str | None = None
    """Login of the user who asks for the release. With `release_requested` only."""
    message: str | None = None
    """What that user says. With `release_requested` only."""
    warning: str | None = None
    """What may need attention, such as `renews_late`. With `warning` only."""
    summary: str | None = None
    """The warning as a sentence. With `warning` only."""


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
    ordering: str = "in_order"
    """`in_order` or `none`."""
    status: str = "active"
    """`active`, `suspended` (gets no deliveries for now) or `disabled` (never gets any again)."""
    suspended_by: str | None = None
    """`operator` or `no_valid_token`. None unless suspended."""


@dataclass(frozen=True, kw_only=True)
class WebhookTest:
    """The result of sending a test event."""

    id: str
    """The `webhook-id` header that was sent."""
    delivered: bool
    status: int | None
    """HTTP status of the receiver. None if it did not respond."""
    error: str | None
    """Why it failed. None if it did not."""
    duration_ms: int


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
