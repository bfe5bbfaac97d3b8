"""The requests for leases, of one lock or of several."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar
from urllib.parse import quote

from ._checks import check_name
from ._errors import ValidationError
from ._fields import Fields
from ._lock_readers import read_lease, read_whole_lease
from ._lock_types import ConvertibleMode, Lease, WantedLock, WholeLease
from ._requests import Request

AnyLease = TypeVar("AnyLease", bound=Lease | WholeLease)

Body = Mapping[str, object]


class LeaseRoutes(ABC, Generic[AnyLease]):
    """The requests that acquire, renew and release a lease, and how to read it."""

    @abstractmethod
    def acquire(self, body: Body, until: float) -> Request:
        """Return the request for a lease, whose answer must be complete by `until` on the monotonic clock."""

    @abstractmethod
    def renew(self, lease_id: str, body: Body, until: float | None) -> Request: ...

    @abstractmethod
    def release(self, lease_id: str) -> Request: ...

    @abstractmethod
    def read(self, fields: Fields) -> AnyLease: ...


class RoutesOfLock(LeaseRoutes[Lease]):
    """The requests for leases of one lock."""

    def __init__(self, lock: WantedLock) -> None:
        """Raise `ValidationError` if the name of the lock is not valid."""
        check_name(lock.name)
        self._lock = lock

    def acquire(self, body: Body, until: float) -> Request:
        """Return the request that acquires the lock."""
        wanted = {"mode": self._lock.mode, "limit": self._lock.limit, "permits": self._lock.permits}
        return Request("POST", lock_path(self._lock.name, "/acquire"), {**body, **wanted}, until=until)

    def renew(self, lease_id: str, body: Body, until: float | None) -> Request:
        """Return the request that renews a lease of the lock."""
        whole = {"lease_id": lease_id, **body}
        return Request("POST", lock_path(self._lock.name, "/renew"), whole, until=until)

    def release(self, lease_id: str) -> Request:
        """Return the request that releases a lease of the lock."""
        return Request("POST", lock_path(self._lock.name, "/release"), {"lease_id": lease_id})

    def read(self, fields: Fields) -> Lease:
        """Read a lease."""
        return read_lease(fields)


class RoutesOfLocks(LeaseRoutes[WholeLease]):
    """The requests for leases of several locks. All but `acquire` are for any lease, by its id."""

    def __init__(self, locks: Sequence[WantedLock] = ()) -> None:
        """Raise `ValidationError` if the name of a lock is not valid."""
        for lock in locks:
            check_name(lock.name)
        self._locks = locks

    def acquire(self, body: Body, until: float) -> Request:
        """Return the request that acquires all locks."""
        if not self._locks:
            raise ValidationError("There must be at least one lock.")
        locks = [_given(vars(lock)) for lock in self._locks]
        return Request("POST", "/leases", {**body, "locks": locks}, until=until)

    def renew(self, lease_id: str, body: Body, until: float | None) -> Request:
        """Return the request that renews a lease."""
        return Request("POST", f"{lease_path(lease_id)}/renew", body, until=until)

    def release(self, lease_id: str) -> Request:
        """Return the request that releases a lease."""
        return Request("DELETE", lease_path(lease_id))

    def read(self, fields: Fields) -> WholeLease:
        """Read a lease."""
        return read_whole_lease(fields)


def conversion(name: str, lease_id: str, mode: ConvertibleMode) -> Request:
    """Return the request to hold one lock of a lease in another mode."""
    check_name(name)
    return Request("POST", lock_path(name, "/convert"), {"lease_id": lease_id, "mode": mode})


def lock_path(name: str, verb: str = "") -> str:
    """Return the path of a lock.

    Encodes the whole name, so that a lock named `a/watch` is not mistaken for a watch of `a`.
    """
    return f"/locks/{quote(name, safe='')}{verb}"


def lease_path(lease_id: str) -> str:
    """Return the path of a lease."""
    return f"/leases/{quote(lease_id, safe='')}"


def _given(members: Body) -> Body:
    return {name: value for name, value in members.items() if value is not None}
