"""Acquires, renews and releases leases, of one lock or of several."""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from ._background import BRIEF_SECONDS, in_background
from ._calls import Call, Caller, Outcome, Result
from ._checks import check_cooling, check_ttl, check_wait, check_wait_slice
from ._clock import delay_seconds, now
from ._errors import LockHeldError, NotFoundError, OctoStoreError
from ._fields import of_object
from ._lease_routes import AnyLease, LeaseRoutes, conversion
from ._lock_readers import read_lease
from ._lock_types import ConvertibleMode, Lease
from ._repeating import leaves_unknown, may_repeat
from ._requests import Request
from ._rules import RULES
from ._signals import Trigger, pause, raise_if_set

_LASTED_SECONDS = 1.0
"""After a request that lasted this long, delays start again: asking soon puts no load on the server."""


_RELEASE_DELAYS_SECONDS = (
    0.0,
    RULES.release_again_delay_ms_first / 1000,
    RULES.release_again_delay_ms_second / 1000,
)
"""The pauses before attempts to release a lease that the server does not know, or not yet."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a lease is to be like, whatever it locks, and how to ask for it."""

    ttl_seconds: int
    wait_seconds: float
    wait_slice_seconds: float
    """How long one request waits at most."""
    metadata: str | None = None
    session_id: str | None = None
    proof: bool = False
    lock_delay_seconds: int | None = None
    min_hold_seconds: int | None = None
    cancel: Trigger | None = None
    """Cancels the acquire."""
    is_brief_to_give_up: bool = False
    """Whether giving up makes only one brief attempt to leave the line."""


@dataclass(frozen=True)
class Sent(Generic[AnyLease]):
    """A lease, and when its request was sent, on the monotonic clock. It cannot have begun earlier."""

    lease: AnyLease
    sent_at: float


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """One renewal of a lease."""

    lease_id: str
    ttl_seconds: int
    proof: bool = False


@dataclass(frozen=True)
class OneAttempt:
    """How to make a single attempt."""

    server: str
    until: float
    """On the monotonic clock."""
    cancel: Trigger


class Leases(Generic[AnyLease]):
    """Acquires and keeps leases."""

    def __init__(self, caller: Caller, routes: LeaseRoutes[AnyLease]) -> None:
        self._caller = caller
        self._routes = routes

    def acquire(self, wish: Wish, lease_id: str | None = None) -> Sent[AnyLease]:
        """Acquire a lease. If that fails with its outcome unknown, release the lease in the background."""
        check_ttl(wish.ttl_seconds)
        check_wait(wish.wait_seconds)
        check_wait_slice(wish.wait_slice_seconds)
        check_cooling(wish.lock_delay_seconds, wish.min_hold_seconds, wish.ttl_seconds)
        lease_id = str(uuid.uuid4()) if lease_id is None else lease_id
        outcome = Outcome()
        try:
            return self._wait_for(wish, lease_id, outcome)
        except BaseException as error:
            if outcome.is_unknown and not _is_mismatch(error):
                self.abandon(lease_id, is_brief=wish.is_brief_to_give_up)
            raise

    def renew(self, renewal: Renewal, timeout_seconds: float | None = None) -> Sent[AnyLease]:
        """Renew a lease, with retries. Each attempt takes at most `timeout_seconds`."""
        check_ttl(renewal.ttl_seconds)
        call = self._renewal(renewal, lambda: None if timeout_seconds is None else now() + timeout_seconds)
        result = self._caller.call(call, is_safe=True)
        return Sent(result.value, result.sent_at)

    def renew_once(self, renewal: Renewal, attempt: OneAttempt) -> Result[AnyLease]:
        """Make one attempt at a renewal."""
        call = self._renewal(renewal, lambda: attempt.until, attempt.cancel)
        return self._caller.attempt(call, attempt.server)

    def release(self, lease_id: str, deadline: float = math.inf) -> None:
        """Release a lease. Gives up at `deadline`, on the monotonic clock."""
        self._caller.remove(self._releasing(lease_id, deadline))

    def release_once(self, lease_id: str) -> None:
        """Make one brief attempt to release a lease, whose failure does not matter."""
        self._caller.remove_once(self._releasing(lease_id, now() + BRIEF_SECONDS))

    def convert(self, name: str, lease_id: str, mode: ConvertibleMode) -> Lease:
        """Hold one lock of a lease in another mode. If the lease already does, nothing changes."""
        request = conversion(name, lease_id, mode)
        return self._caller.call(Call(lambda: request, of_object(read_lease)), is_safe=True).value

    def abandon(self, lease_id: str, *, is_brief: bool = False) -> None:
        """Release a lease that may have been granted, so that it is not held with no one using it.

        Does so in the background. If it `is_brief`, each attempt takes at most a second, and is not repeated.
        """

        def release() -> None:
            for seconds in _RELEASE_DELAYS_SECONDS:
                time.sleep(seconds)
                try:
                    self._release_abandoned(lease_id, is_brief=is_brief)
                except NotFoundError:
                    # It may have overtaken the acquire, whose connection is different.
                    continue
                except OctoStoreError:
                    return
                return

        in_background("octostore-release", release)

    def _release_abandoned(self, lease_id: str, *, is_brief: bool) -> None:
        if is_brief:
            releasing = self._releasing(lease_id, now() + BRIEF_SECONDS)
            self._caller.attempt(releasing, self._caller.servers.current)
        else:
            self._caller.call(self._releasing(lease_id, math.inf), is_safe=True)

    def _wait_for(self, wish: Wish, lease_id: str, outcome: Outcome) -> Sent[AnyLease]:
        """Ask for the lease in slices, until it is granted or the wait is over."""
        first_asked_at = now()
        until = first_asked_at + wish.wait_seconds
        call = self._acquire(wish, lease_id, until)
        route = self._caller.route(until)
        refusals = 0
        while True:
            raise_if_set(wish.cancel)
            asked_at = now()
            try:
                result = self._caller.attempt(call, route.url)
            except LockHeldError:
                if now() >= until:
                    raise
                route.restart()
                refusals += 1
                # Refused much too early. Pause, so as not to retry at full speed.
                if now() - asked_at < _slice(wish, until, asked_at) / 2:
                    pause(min(delay_seconds(refusals), until - now()), wish.cancel)
                continue
            except OctoStoreError as error:
                outcome.is_unknown = outcome.is_unknown or leaves_unknown(error)
                if asked_at + _LASTED_SECONDS <= now() < until:
                    route.restart()
                seconds = route.next(error) if may_repeat(error, is_safe=True) else None
                if seconds is None:
                    raise
            except BaseException:
                # Cancelled by the caller, possibly after it was sent.
                outcome.is_unknown = True
                raise
            else:
                # `held` means that an earlier attempt got the lease and its response was lost.
                was_granted_before = result.value.status == "held"
                return Sent(result.value, first_asked_at if was_granted_before else result.sent_at)
            pause(seconds, wish.cancel)

    def _acquire(self, wish: Wish, lease_id: str, until: float) -> Call[AnyLease]:
        body = {
            "ttl_seconds": wish.ttl_seconds,
            "lease_id": lease_id,
            "metadata": wish.metadata,
            "session_id": wish.session_id,
            "proof": wish.proof or None,
            "lock_delay_seconds": wish.lock_delay_seconds,
            "min_hold_seconds": wish.min_hold_seconds,
        }

        def request() -> Request:
            wait_seconds = _slice(wish, until, now())
            answered_by = now() + self._caller.transport.timeout_seconds + wait_seconds
            return self._routes.acquire({**body, "wait_seconds": wait_seconds}, answered_by)

        return Call(request, of_object(self._routes.read), wish.cancel)

    def _renewal(
        self, renewal: Renewal, until: Callable[[], float | None], cancel: Trigger | None = None
    ) -> Call[AnyLease]:
        # Servers of version 1.0 refuse `proof`, so it is sent only if it is needed.
        body = {"ttl_seconds": renewal.ttl_seconds, "proof": renewal.proof or None}
        return Call(
            lambda: self._routes.renew(renewal.lease_id, body, until()),
            of_object(self._routes.read),
            cancel,
        )

    def _releasing(self, lease_id: str, deadline: float) -> Call[object]:
        request = self._routes.release(lease_id)
        return Call(lambda: request, of_object(lambda fields: fields.text("status")), deadline=deadline)


def _slice(wish: Wish, until: float, at: float) -> int:
    """Return how long a request at a given time may wait, in whole seconds."""
    return math.ceil(min(int(wish.wait_slice_seconds), max(0.0, until - at)))


def _is_mismatch(error: BaseException) -> bool:
    """Whether the lease with this id is another one, which must not be released."""
    return isinstance(error, OctoStoreError) and error.code == "lease_mismatch"
