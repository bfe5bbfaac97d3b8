"""Reads what the server says about locks. Each function raises `ValueError` if it is not that."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from ._fields import Fields
from ._lock_types import (
    AvailableLockStatus,
    Break,
    DelayedLockStatus,
    Fence,
    HeldLock,
    HeldLockStatus,
    Lease,
    LeaseLock,
    LockHolder,
    LockMode,
    LockStatus,
    Queue,
    QueuePlace,
    ReleaseRequest,
    WholeLease,
)

_MODES: tuple[LockMode, ...] = ("exclusive", "shared", "counted")


class _Grant(TypedDict):
    fencing_token: int
    expires_at: datetime
    holder: str
    holder_id: str
    metadata: str | None


class _Hold(TypedDict):
    name: str
    mode: LockMode
    limit: int | None
    permits: int | None
    slots: tuple[int, ...] | None


class _Free(TypedDict):
    name: str
    message: str
    fencing_token: int
    waiters: int


def read_lease(fields: Fields) -> Lease:
    return Lease(
        **_read_grant(fields),
        **_read_hold(fields),
        status=fields.one_of("status", ("acquired", "held")),
        lease_id=fields.text("lease_id"),
        proof=fields.optional_text("proof"),
        release_requested=_read_release_request(fields),
        locks=_read_locks(fields) if fields.has("locks") else None,
    )


def read_whole_lease(fields: Fields) -> WholeLease:
    return WholeLease(
        **_read_grant(fields),
        status=fields.one_of("status", ("acquired", "held")),
        lease_id=fields.text("lease_id"),
        proof=fields.optional_text("proof"),
        release_requested=_read_release_request(fields),
        locks=_read_locks(fields),
        session_id=fields.optional_text("session_id"),
    )


def read_held_lock(fields: Fields) -> HeldLock:
    return HeldLock(**_read_grant(fields), **_read_hold(fields), lease_id=fields.optional_text("lease_id"))


def read_lock_status(fields: Fields) -> LockStatus:
    status = fields.one_of("status", ("available", "delayed", "held"))
    if status == "held":
        return _read_held_status(fields)
    free: _Free = {
        "name": fields.text("name"),
        "message": fields.text("message"),
        "fencing_token": fields.integer("fencing_token"),
        "waiters": fields.integer("waiters"),
    }
    if status == "available":
        return AvailableLockStatus(**free)
    return DelayedLockStatus(**free, available_at=fields.time("available_at"))


def read_queue(fields: Fields) -> Queue:
    return Queue(
        name=fields.text("name"),
        waiters=fields.integer("waiters"),
        total=fields.integer("total"),
        queue=tuple(_read_place(place) for place in fields.objects("queue")),
    )


def read_break(fields: Fields) -> Break:
    return Break(
        lease_count=fields.integer("lease_count"),
        fencing_tokens=fields.integers("fencing_tokens"),
        ended_delay=fields.flag("ended_delay"),
    )


def read_fence(fields: Fields) -> Fence:
    return Fence(name=fields.text("name"), highest=fields.integer("highest"))


def _read_held_status(fields: Fields) -> HeldLockStatus:
    """Servers of version 1.0 have only exclusive locks, and show no other holders."""
    count = fields.optional_integer("holder_count")
    holders = fields.objects("holders") if fields.has("holders") else [fields]
    return HeldLockStatus(
        **_read_grant(fields),
        **_read_hold(fields),
        lease_id=fields.optional_text("lease_id"),
        waiters=fields.integer("waiters"),
        holder_count=1 if count is None else count,
        permits_in_use=fields.optional_integer("permits_in_use"),
        holders=tuple(_read_holder(holder) for holder in holders),
    )


def _read_holder(fields: Fields) -> LockHolder:
    lease_id = fields.optional_text("lease_id")
    return LockHolder(**_read_grant(fields), lease_id=lease_id, slots=read_slots(fields))


def _read_place(fields: Fields) -> QueuePlace:
    return QueuePlace(
        position=fields.integer("position"),
        holder=fields.text("holder"),
        holder_id=fields.text("holder_id"),
        since=fields.time("since"),
        mode=read_mode(fields),
        limit=fields.optional_integer("limit"),
        permits=fields.optional_integer("permits"),
        asking=fields.flag("asking"),
        lease_id=fields.optional_text("lease_id"),
    )


def _read_release_request(fields: Fields) -> ReleaseRequest | None:
    if not fields.has("release_requested"):
        return None
    request = fields.member("release_requested")
    message = request.optional_text("message")
    return ReleaseRequest(by=request.text("by"), message=message, at=request.time("at"))


def _read_grant(fields: Fields) -> _Grant:
    return {
        "fencing_token": fields.integer("fencing_token"),
        "expires_at": fields.time("expires_at"),
        "holder": fields.text("holder"),
        "holder_id": fields.text("holder_id"),
        "metadata": fields.optional_text("metadata"),
    }


def _read_locks(fields: Fields) -> tuple[LeaseLock, ...]:
    return tuple(LeaseLock(**_read_hold(lock)) for lock in fields.objects("locks"))


def _read_hold(fields: Fields) -> _Hold:
    return {
        "name": fields.text("name"),
        "mode": read_mode(fields),
        "limit": fields.optional_integer("limit"),
        "permits": fields.optional_integer("permits"),
        "slots": read_slots(fields),
    }


def read_mode(fields: Fields) -> LockMode:
    """Servers of version 1.0 show no mode."""
    return fields.one_of("mode", _MODES) if fields.has("mode") else "exclusive"


def read_slots(fields: Fields) -> tuple[int, ...] | None:
    return fields.integers("slots") if fields.has("slots") else None
