"""Acquires a lease and keeps renewing it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic

from ._clock import now
from ._handle_events import Events, Subject
from ._keeper import Keeper, Renewable, renewal_timeout_seconds
from ._lease_routes import AnyLease
from ._leases import Leases, OneAttempt, Renewal, Sent, Wish
from ._lock import Held, LockHandle, OnLockLost, OnReleaseRequested, what_is
from ._rules import RULES
from ._servers import Servers
from ._session import SessionHandle


@dataclass(frozen=True, kw_only=True)
class Holding:
    """How to keep a lease, and whom to tell."""

    servers: Servers
    events: Events
    timeout_seconds: float
    session: SessionHandle | None
    on_ask: Callable[[str], object] | None
    on_lost: OnLockLost | None
    on_release_requested: OnReleaseRequested | None


def hold(leases: Leases[AnyLease], wish: Wish, holding: Holding) -> LockHandle:
    """Acquire a lease and keep renewing it, for at most as long as its session lives."""
    session = holding.session
    if session is not None:
        session.raise_if_lost()
        wish = replace(wish, session_id=session.session_id)
    lease_id = str(uuid.uuid4())
    if holding.on_ask is not None:
        holding.on_ask(lease_id)
    granted = leases.acquire(wish, lease_id)
    try:
        return _Kept(leases, wish, holding).handle(granted)
    except BaseException:
        leases.abandon(lease_id)
        raise


class _Kept(Generic[AnyLease]):
    def __init__(self, leases: Leases[AnyLease], wish: Wish, holding: Holding) -> None:
        self._leases = leases
        self._wish = wish
        self._holding = holding

    def handle(self, granted: Sent[AnyLease]) -> LockHandle:
        proved = self._freshened(granted)
        held = Held(proved.lease)
        session = self._holding.session
        keeper = Keeper(
            Renewable(
                what=what_is(held.locks),
                ttl_seconds=self._wish.ttl_seconds,
                proved_at=proved.sent_at,
                timeout_seconds=self._holding.timeout_seconds,
                servers=self._holding.servers,
                renew=self._renewing(held),
                events=self._holding.events,
                subject=lambda: Subject(tuple(lock.name for lock in held.locks), None, held.fencing_token),
                within=None if session is None else session.keeper,
            )
        )
        holding = self._holding
        return LockHandle(self._leases, held, keeper, holding.on_lost, holding.on_release_requested)

    def _freshened(self, granted: Sent[AnyLease]) -> Sent[AnyLease]:
        """Return the grant with a recent time to count from.

        The lease began some time after its request was sent. If that was long ago, renews the lease and
        counts from the renewal.
        """
        ttl_seconds = self._wish.ttl_seconds
        if now() - granted.sent_at < ttl_seconds / RULES.renewals_per_ttl:
            return granted
        seconds = renewal_timeout_seconds(ttl_seconds, self._holding.timeout_seconds)
        return self._leases.renew(self._renewal(granted.lease.lease_id), seconds)

    def _renewing(self, held: Held) -> Callable[[OneAttempt], float]:
        # No reference to the callbacks: they may refer to the handle, which must stay collectable.
        leases, renewal = self._leases, self._renewal(held.lease_id)

        def renew(attempt: OneAttempt) -> float:
            conversions = held.conversions
            result = leases.renew_once(renewal, attempt)
            held.renewed(result.value, conversions)
            return result.sent_at

        return renew

    def _renewal(self, lease_id: str) -> Renewal:
        return Renewal(lease_id=lease_id, ttl_seconds=self._wish.ttl_seconds, proof=self._wish.proof)
