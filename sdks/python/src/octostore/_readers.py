"""Each function reads one kind of object from the server, and raises `ValueError` if it is not that."""

from __future__ import annotations

import json

from ._fields import Fields
from ._lock_readers import read_mode, read_slots
from ._types import (
    CreatedSession,
    Deliveries,
    Delivery,
    DeliveryAttempt,
    KeptSession,
    LockEvent,
    LockEventType,
    SessionStatus,
    StatusCounters,
    Webhook,
    WebhookTest,
)

EVENT_TYPES: tuple[LockEventType, ...] = (
    "acquired",
    "released",
    "renewed",
    "expired",
    "broken",
    "release_requested",
    "warning",
)
_LIVE: tuple[LockEventType, ...] = ("acquired", "renewed", "release_requested")
"""The events of a lease that goes on."""


def read_created_session(fields: Fields) -> CreatedSession:
    return CreatedSession(
        session_id=fields.text("session_id"),
        expires_at=fields.time("expires_at"),
        keepalive_interval_secs=fields.integer("keepalive_interval_secs"),
    )


def read_kept_session(fields: Fields) -> KeptSession:
    return KeptSession(session_id=fields.text("session_id"), expires_at=fields.time("expires_at"))


def read_session_status(fields: Fields) -> SessionStatus:
    return SessionStatus(
        session_id=fields.text("session_id"),
        expires_at=fields.time("expires_at"),
        user_id=fields.text("user_id"),
        lock_count=fields.integer("lock_count"),
        active=fields.flag("active"),
    )


def read_status_counters(fields: Fields) -> StatusCounters:
    return StatusCounters(
        service=fields.text("service"),
        version=fields.text("version"),
        status=fields.text("status"),
        uptime_seconds=fields.integer("uptime_seconds"),
        locks_held=fields.integer("locks_held"),
        sessions=fields.integer("sessions"),
        waiters=fields.integer("waiters"),
    )


def read_lock_event(fields: Fields) -> LockEvent:
    event = fields.one_of("event", EVENT_TYPES)
    return LockEvent(
        event=event,
        lock=fields.text("lock"),
        holder_id=fields.optional_text("holder_id"),
        fencing_token=fields.optional_integer("fencing_token"),
        timestamp=fields.time("timestamp"),
        sequence=fields.integer("sequence"),
        expires_at=fields.time("expires_at") if event in _LIVE else None,
        metadata=fields.optional_text("metadata"),
        holder=fields.optional_text("holder"),
        mode=read_mode(fields),
        limit=fields.optional_integer("limit"),
        slots=read_slots(fields),
        lease_locks=fields.texts("lease_locks") if fields.has("lease_locks") else None,
        cause=fields.optional_text("cause"),
        reason=fields.text("reason") if event == "broken" else None,
        broken_by=fields.text("broken_by") if event == "broken" else None,
        requested_by=fields.text("requested_by") if event == "release_requested" else None,
        message=fields.optional_text("message"),
        warning=fields.text("warning") if event == "warning" else None,
        summary=fields.optional_text("summary"),
    )


def read_health(text: str) -> str:
    if text.strip() != "OK":
        raise ValueError("not the answer of a healthy server")
    return "OK"


def read_webhook(fields: Fields) -> Webhook:
    return Webhook(
        id=fields.text("id"),
        user_id=fields.text("user_id"),
        url=fields.text("url"),
        secret=fields.optional_text("secret"),
        events=fields.texts("events"),
        lock_pattern=fields.optional_text("lock_pattern"),
        created_at=fields.time("created_at"),
        active=fields.flag("active"),
        disabled_reason=fields.optional_text("disabled_reason"),
        ordering=fields.optional_text("ordering") or "in_order",
        status=fields.optional_text("status") or ("active" if fields.flag("active") else "disabled"),
        suspended_by=fields.optional_text("suspended_by"),
    )


def read_webhook_test(fields: Fields) -> WebhookTest:
    return WebhookTest(
        id=fields.text("id"),
        delivered=fields.flag("delivered"),
        status=fields.optional_integer("status"),
        error=fields.optional_text("error"),
        duration_ms=fields.integer("duration_ms"),
    )


def read_webhooks(text: str) -> list[Webhook]:
    webhooks = json.loads(text)
    if not isinstance(webhooks, list):
        raise ValueError("no list")
    return [read_webhook(Fields(webhook)) for webhook in webhooks]


def read_deliveries(fields: Fields) -> Deliveries:
    return Deliveries(
        deliveries=tuple(read_delivery(delivery) for delivery in fields.objects("deliveries")),
        next_before=fields.optional_integer("next_before"),
    )


def read_delivery(fields: Fields) -> Delivery:
    return Delivery(
        id=fields.text("id"),
        webhook_id=fields.text("webhook_id"),
        state=fields.one_of("state", ("pending", "delivered", "dead")),
        dead_reason=fields.optional_text("dead_reason"),
        payload=read_lock_event(fields.member("payload")),
        attempts=tuple(_read_attempt(attempt) for attempt in fields.objects("attempts")),
        next_attempt_at=fields.optional_time("next_attempt_at"),
        created_at=fields.time("created_at"),
    )


def _read_attempt(fields: Fields) -> DeliveryAttempt:
    return DeliveryAttempt(
        at=fields.time("at"),
        status=fields.optional_integer("status"),
        error=fields.optional_text("error"),
        duration_ms=fields.integer("duration_ms"),
    )


def read_nothing(text: str) -> None:
    """Read a response without a body."""
    if text != "":
        raise ValueError("an answer that should be empty")
