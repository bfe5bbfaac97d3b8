"""The routes of locks and of their lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from urllib.parse import quote, urlencode

from ._calls import Call, Caller
from ._checks import check_name
from ._fields import of_object
from ._lease_routes import RoutesOfLock, RoutesOfLocks, lock_path
from ._leases import Leases
from ._lock_readers import read_break, read_held_lock, read_lock_status, read_queue
from ._lock_types import Break, HeldLock, Lease, LockStatus, Queue, WantedLock, WholeLease
from ._requests import Request


class LockApi:
    """Makes the calls of locks."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def leases(self, lock: WantedLock) -> Leases[Lease]:
        """Return the leases of a lock."""
        return Leases(self._caller, RoutesOfLock(lock))

    def leases_of_all(self, locks: Sequence[str | WantedLock]) -> Leases[WholeLease]:
        """Return the leases of several locks."""
        wanted = [WantedLock(name=lock) if isinstance(lock, str) else lock for lock in locks]
        return Leases(self._caller, RoutesOfLocks(wanted))

    def status(self, name: str) -> LockStatus:
        """Get the status of a lock."""
        check_name(name)
        return self._caller.get(lock_path(name), read_lock_status)

    def list(self, prefix: str | None, owner: Literal["me"] | None) -> list[HeldLock]:
        """Get all locks, from every page."""
        asked = {"prefix": prefix, "owner": owner}
        query = {name: value for name, value in asked.items() if value is not None}
        locks: list[HeldLock] = []
        while True:
            page, cursor = self._caller.get(
                f"/locks?{urlencode(query)}",
                lambda fields: (
                    [read_held_lock(lock) for lock in fields.objects("locks")],
                    fields.optional_text("next_cursor"),
                ),
            )
            locks += page
            if cursor is None:
                return locks
            query["cursor"] = cursor

    def queue(self, name: str) -> Queue:
        """Get the line of a lock."""
        check_name(name)
        return self._caller.get(_queue_path(name), read_queue)

    def leave_queue(self, name: str, lease_id: str) -> None:
        """Give up a place in the line of a lock."""
        check_name(name)
        request = Request("DELETE", f"{_queue_path(name)}/{quote(lease_id, safe='')}")
        self._caller.remove(Call(lambda: request, of_object(lambda fields: fields.text("status"))))

    def request_release(self, name: str, message: str | None) -> None:
        """Ask the holders of a lock to release it. Safe to repeat: a second request replaces the first."""
        check_name(name)
        request = Request("POST", lock_path(name, "/request-release"), {"message": message})
        call = Call(lambda: request, of_object(lambda fields: fields.text("status")))
        self._caller.call(call, is_safe=True)

    def break_lock(self, name: str, reason: str, fencing_token: int | None) -> Break:
        """End the leases of a lock. By the time it is repeated, someone else could hold the lock."""
        check_name(name)
        body = {"reason": reason, "fencing_token": fencing_token}
        request = Request("POST", lock_path(name, "/break"), body)
        return self._caller.call(Call(lambda: request, of_object(read_break)), is_safe=False).value


def _queue_path(name: str) -> str:
    return f"/queues/{quote(name, safe='')}"
