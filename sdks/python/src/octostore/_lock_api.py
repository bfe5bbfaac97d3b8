"""The routes of locks."""

from __future__ import annotations

import math
import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlencode

from ._calls import Call, Caller, Outcome
from ._checks import check_name, check_ttl, check_wait
from ._clock import delay_seconds, now
from ._errors import LockHeldError, OctoStoreError
from ._fields import of_object
from ._readers import read_held_lock, read_lease, read_lock_status
from ._rules import RULES
from ._signals import Trigger, pause
from ._transport import Request
from ._types import HeldLock, Lease, LockStatus


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A request for a lease."""

    ttl_seconds: int
    wait_seconds: float
    metadata: str | None
    session_id: str | None
    cancel: Trigger | None
    """Cancels the acquire."""


@dataclass(frozen=True)
class Granted:
    """A lease, and when its request was sent, on the monotonic clock. It cannot have begun earlier."""

    lease: Lease
    sent_at: float


class LockApi:
    """Makes the calls of locks."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def acquire(self, name: str, wish: Wish, lease_id: str | None = None) -> Granted:
        """Acquire a lock. If that fails with its outcome unknown, release the lock in the background."""
        check_name(name)
        check_ttl(wish.ttl_seconds)
        check_wait(wish.wait_seconds)
        lease_id = str(uuid.uuid4()) if lease_id is None else lease_id
        outcome = Outcome()
        try:
            return self._wait_for(name, wish, lease_id, outcome)
        except BaseException:
            if outcome.is_unknown:
                self.release_in_background(name, lease_id)
            raise

    def renew(self, name: str, lease_id: str, ttl_seconds: int) -> Granted:
        """Renew a lease, with retries."""
        check_name(name)
        check_ttl(ttl_seconds)
        result = self._caller.call(_renewal(name, lease_id, ttl_seconds), is_safe=True)
        return Granted(result.value, result.sent_at)

    def renew_once(self, lease: Lease, ttl_seconds: int, until: float, cancel: Trigger) -> float:
        """Make one attempt at a renewal until a given time. Returns when it was sent."""
        renewal = _renewal(lease.name, lease.lease_id, ttl_seconds, until, cancel)
        return self._caller.attempt(renewal).sent_at

    def release(self, name: str, lease_id: str) -> None:
        """Release a lease."""
        check_name(name)
        request = Request("POST", lock_path(name, "/release"), {"lease_id": lease_id})
        self._caller.remove(Call(lambda: request, of_object(lambda fields: fields.text("status"))))

    def release_in_background(self, name: str, lease_id: str) -> None:
        """Release a lease that may have been granted, so that it is not held with no one using it."""

        def release() -> None:
            with suppress(OctoStoreError):
                self.release(name, lease_id)

        threading.Thread(target=release, name="octostore-release", daemon=True).start()

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

    def _wait_for(self, name: str, wish: Wish, lease_id: str, outcome: Outcome) -> Granted:
        """Ask for the lock, repeatedly if necessary, because one request can wait for at most a minute."""
        first_asked_at = now()
        until = first_asked_at + wish.wait_seconds
        call = self._acquire(name, wish, lease_id, until)
        refusals = 0
        while True:
            asked_at = now()
            wait_seconds = _wait_seconds_until(until)
            try:
                result = self._caller.call(call, is_safe=True, outcome=outcome)
            except LockHeldError:
                if now() >= until:
                    raise
                refusals += 1
                # Refused much too early. Pause, so as not to retry at full speed.
                if now() - asked_at < wait_seconds / 2:
                    pause(delay_seconds(refusals), wish.cancel)
                continue
            # `held` means that an earlier attempt got the lease and its response was lost.
            was_granted_before = result.value.status == "held"
            return Granted(result.value, first_asked_at if was_granted_before else result.sent_at)

    def _acquire(self, name: str, wish: Wish, lease_id: str, until: float) -> Call[Lease]:
        def request() -> Request:
            wait_seconds = _wait_seconds_until(until)
            body = {
                "ttl_seconds": wish.ttl_seconds,
                "lease_id": lease_id,
                "metadata": wish.metadata,
                "session_id": wish.session_id,
                "wait_seconds": wait_seconds,
            }
            answered_by = now() + self._caller.transport.timeout_seconds + wait_seconds
            path = lock_path(name, "/acquire")
            return Request("POST", path, body, until=answered_by)

        return Call(request, of_object(read_lease), wish.cancel)


def lock_path(name: str, verb: str = "") -> str:
    """Return the path of a lock.

    Encodes the whole name, so that a lock named `a/watch` is not mistaken for a watch of `a`.
    """
    return f"/locks/{quote(name, safe='')}{verb}"


def _renewal(
    name: str,
    lease_id: str,
    ttl_seconds: int,
    until: float | None = None,
    cancel: Trigger | None = None,
) -> Call[Lease]:
    body = {"lease_id": lease_id, "ttl_seconds": ttl_seconds}
    request = Request("POST", lock_path(name, "/renew"), body, until=until)
    return Call(lambda: request, of_object(read_lease), cancel)


def _wait_seconds_until(until: float) -> int:
    """Return how long the next request may wait, in whole seconds."""
    return math.ceil(min(RULES.wait_seconds_per_request_max, max(0.0, until - now())))
