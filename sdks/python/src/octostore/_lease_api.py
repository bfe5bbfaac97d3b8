"""The routes of leases by their ids."""

from __future__ import annotations

from ._calls import Caller
from ._lease_routes import RoutesOfLocks, lease_path
from ._leases import Leases, Renewal
from ._lock_readers import read_whole_lease
from ._lock_types import WholeLease


class LeaseApi:
    """Your leases by their ids, whatever they lock. Use `client.leases`.

    Each call raises `NotFoundError` if you have no such lease, and `ValidationError` with the code
    `ambiguous_lease_id` if you chose one id for several.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._leases = Leases(caller, RoutesOfLocks())

    def get(self, lease_id: str) -> WholeLease:
        """Return a lease with all its locks."""
        return self._caller.get(lease_path(lease_id), read_whole_lease)

    def renew(self, lease_id: str, ttl_seconds: int, *, proof: bool = False) -> WholeLease:
        """Renew a lease with all its locks, so that it ends `ttl_seconds` (1 to 3600) from now."""
        renewal = Renewal(lease_id=lease_id, ttl_seconds=ttl_seconds, proof=proof)
        return self._leases.renew(renewal).lease

    def release(self, lease_id: str) -> None:
        """Release all locks of a lease."""
        self._leases.release(lease_id)
