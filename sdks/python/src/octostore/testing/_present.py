"""Shows leases and locks as the server does. The id of a user is its login."""

from __future__ import annotations

from collections.abc import Callable

from ._law import Law
from ._state import Fields, Hold, Lease, ReleaseRequest, Session, Ticket, Want

SHOWN_MAX = 100
"""How many holders of a lock, and how many places of a line, are shown."""


class Presenter:
    """Makes the bodies of responses."""

    def __init__(self, law: Law, time_text: Callable[[int], str]) -> None:
        self._law = law
        self.time_text = time_text

    def lease(self, lease: Lease, name: str, *, is_new: bool) -> Fields:
        """Show a lease to its holder, as the response to a request about one lock."""
        locks = {} if len(lease.holds) == 1 else {"locks": [_lock(hold) for hold in lease.holds]}
        return {**self._own(lease, is_new=is_new), **self._held(lease, name), **locks}

    def whole_lease(self, lease: Lease, *, is_new: bool) -> Fields:
        """Show a lease with all its locks to its holder."""
        return {
            **self._own(lease, is_new=is_new),
            **self._fields_of(lease),
            **({} if lease.session_id is None else {"session_id": lease.session_id}),
            "locks": [_lock(hold) for hold in lease.holds],
        }

    def release_request(self, request: ReleaseRequest | None) -> Fields:
        """Show a request to release."""
        if request is None:
            return {}
        at = self.time_text(request.at)
        return {"release_requested": {"by": request.by, "message": request.message, "at": at}}

    def status(self, name: str, viewer: str) -> Fields:
        """Show a lock."""
        holders = self._law.holders(name)
        waiters = self._law.waiters(name)
        if not holders:
            return self._not_held(name, waiters)
        in_use = sum(len(hold.slots) for lease in holders for hold in lease.holds if hold.name == name)
        first = holders[0].on(name)
        return {
            "status": "held",
            "lease_id": holders[0].lease_id if holders[0].user == viewer else None,
            **self._held(holders[0], name),
            "waiters": waiters,
            "holder_count": len(holders),
            **({"permits_in_use": in_use} if first is not None and first.mode == "counted" else {}),
            "holders": [self._holder(lease, name, viewer) for lease in holders[:SHOWN_MAX]],
        }

    def listed(self, lease: Lease, name: str, viewer: str) -> Fields:
        """Show a lock in a list."""
        return {"status": "held", **self._held(lease, name), **_own_lease_id(lease, viewer)}

    def place(self, ticket: Ticket, name: str, before: list[Ticket], viewer: str) -> Fields:
        """Show a place in the line of a lock."""
        request = ticket.request
        want = ticket.wants(name) or request.wants[0]
        return {
            "position": 1 + sum(other.is_asking for other in before),
            "holder": request.user,
            "holder_id": request.user,
            "since": self.time_text(ticket.since),
            **_want(want),
            "asking": ticket.is_asking,
            "lease_id": request.lease_id if request.user == viewer else None,
        }

    def session(self, session: Session) -> Fields:
        """Show a session."""
        return {"session_id": session.session_id, "expires_at": self.time_text(session.deadline)}

    def _own(self, lease: Lease, *, is_new: bool) -> Fields:
        passed = lease.ttl_ms - (lease.deadline - self._law.now)
        return {
            "status": "acquired" if is_new else "held",
            "lease_id": lease.lease_id,
            "renew_after_ms": max(0, lease.ttl_ms // 3 - passed),
        }

    def _fields_of(self, lease: Lease) -> Fields:
        return {
            "fencing_token": lease.token,
            "expires_at": self.time_text(lease.deadline),
            "holder": lease.user,
            "holder_id": lease.user,
            "metadata": lease.metadata,
        }

    def _held(self, lease: Lease, name: str) -> Fields:
        hold = lease.on(name)
        return {"name": name, **self._fields_of(lease), **({} if hold is None else _hold(hold))}

    def _holder(self, lease: Lease, name: str, viewer: str) -> Fields:
        hold = lease.on(name)
        slots = {} if hold is None or hold.mode != "counted" else {"slots": hold.slots}
        return {**self._fields_of(lease), **slots, **_own_lease_id(lease, viewer)}

    def _not_held(self, name: str, waiters: int) -> Fields:
        common: Fields = {"name": name, "fencing_token": self._law.last_token, "waiters": waiters}
        until = self._law.coolings.get(name)
        if until is None:
            return {"status": "available", "message": "Lock not currently held", **common}
        at = self.time_text(until)
        return {"status": "delayed", "message": "Lock not available yet", **common, "available_at": at}


def _hold(hold: Hold) -> Fields:
    if hold.mode != "counted":
        return {"mode": hold.mode}
    return {"mode": hold.mode, "limit": hold.limit, "permits": len(hold.slots), "slots": hold.slots}


def _lock(hold: Hold) -> Fields:
    return {"name": hold.name, **_hold(hold)}


def _want(want: Want) -> Fields:
    counted: Fields = {"limit": want.limit, "permits": want.permits} if want.mode == "counted" else {}
    return {"mode": want.mode, **counted}


def _own_lease_id(lease: Lease, viewer: str) -> Fields:
    return {"lease_id": lease.lease_id} if lease.user == viewer else {}
