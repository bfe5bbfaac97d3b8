"""Acquiring a lock and keeping it."""

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
    """Acquire a lock and keep it, at most as long as the session that `within` keeps."""
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
    """Give a time that one can count from.

    The lease began after its request was sent, but how long after? If it was asked for long ago, a
    renewal tells.
    """
    if now() - granted.sent_at < ttl_seconds / RULES.renewals_per_ttl:
        return granted
    return api.renew(granted.lease.name, granted.lease.lease_id, ttl_seconds)
