"""The routes of fences."""

from __future__ import annotations

from urllib.parse import quote

from ._calls import Call, Caller
from ._checks import check_fencing_token, check_name
from ._fields import of_object
from ._lock_readers import read_fence
from ._lock_types import Fence
from ._requests import Request


class FenceApi:
    """Makes the calls of fences. Use `client.fences`.

    A fence remembers the highest fencing token that a resource has seen, for resources that cannot do so
    themselves. Its name follows the rules of lock names.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def advance(self, name: str, fencing_token: int) -> Fence:
        """Call this before you change what your lock protects. From now on, the fence refuses lower tokens.

        The first call creates the fence.

        Raises:
            StaleTokenError: If the fence has seen a higher token. Then stop.

        """
        return self._compare(name, "advance", fencing_token)

    def check(self, name: str, fencing_token: int) -> Fence:
        """Answer as `advance` would, and change nothing. For those who share a lock and only read."""
        return self._compare(name, "check", fencing_token)

    def get(self, name: str) -> Fence:
        """Return what a fence has seen."""
        check_name(name, "fence")
        return self._caller.get(_fence_path(name), read_fence)

    def _compare(self, name: str, verb: str, fencing_token: int) -> Fence:
        check_name(name, "fence")
        check_fencing_token(fencing_token)
        request = Request("POST", f"{_fence_path(name)}/{verb}", {"fencing_token": fencing_token})
        return self._caller.call(Call(lambda: request, of_object(read_fence)), is_safe=True).value


def _fence_path(name: str) -> str:
    return f"/fences/{quote(name, safe='')}"
