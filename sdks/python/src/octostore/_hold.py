"""Acquires a lock and keeps renewing it."""

from __future__ import annotations

from ._clock import now
from ._keeper import Keeper, Renewable
from ._lock import LockHandle, OnLockLost
from ._lock_api import Granted, LockApi, Wish
from ._rules import RULES


def hold(
    api: LockApi,
    name: str,
    wish: Wish,
    *,
    timeout_seconds: float,
    within: Keeper | None,
    on_lost: OnLockLost | None,
) -> LockHandle:
    """Acquire a lock and keep renewing it, for at most as long as the session of `within` lives."""
    granted = api.acquire(name, wish)
    lease = granted.lease
    try:
        keeper = Keeper(
            Renewable(
                what=f"the lock {name}",
                ttl_seconds=wish.ttl_seconds,
                proved_at=_freshened(api, granted, wish.ttl_seconds).sent_at,
                timeout_seconds=timeout_seconds,
                renew=lambda until, cancel: api.renew_once(lease, wish.ttl_seconds, until, cancel),
                within=within,
            )
        )
    except BaseException:
        api.release_in_background(name, lease.lease_id)
        raise
    return LockHandle(api, lease, keeper, on_lost)


def _freshened(api: LockApi, granted: Granted, ttl_seconds: int) -> Granted:
    """Return the grant with a recent time to count from.

    The lease began some time after its request was sent. If that was long ago, renews the lease and
    counts from the renewal.
    """
    if now() - granted.sent_at < ttl_seconds / RULES.renewals_per_ttl:
        return granted
    return api.renew(granted.lease.name, granted.lease.lease_id, ttl_seconds)
