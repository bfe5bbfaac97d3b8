"""Reads the fields of requests. What is not valid is refused as the server does."""

from __future__ import annotations

import json
import uuid
from typing import cast

from .._checks import check_name
from .._errors import ValidationError
from .._rules import RULES
from ._state import AcquireRequest, Fields, Refusal, Refused, Want

_UNTIL_LAST = 2**53


def invalid(details: str) -> Refused:
    """Refuse a request that is not valid."""
    return Refused(Refusal(422, "validation_failed", "The request is not valid.", {"details": details}))


class Body:
    """The fields of a request."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields

    @classmethod
    def parse(cls, body: bytes | None) -> Body:
        """Read a body of JSON."""
        return cls(cast(Fields, json.loads(body)) if body else {})

    def integer(self, name: str, allowed: range, default: int | None = None) -> int:
        """Read a number. It is required if there is no default."""
        value = self._fields.get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and value in allowed:
            return value
        raise invalid(f"{name} must be an integer from {allowed.start} to {allowed.stop - 1}")

    def text(self, name: str, bytes_max: int) -> str | None:
        """Read an optional text."""
        value = self._fields.get(name)
        if value is None or (isinstance(value, str) and len(value.encode()) <= bytes_max):
            return value
        raise invalid(f"{name} must be a text of at most {bytes_max} bytes")

    def identifier(self, name: str) -> str | None:
        """Read an optional UUID."""
        value = self.text(name, 36)
        try:
            return None if value is None else str(uuid.UUID(value))
        except ValueError:
            raise invalid(f"{name} must be a UUID") from None

    def lease_id(self) -> str:
        """Read the id of a lease."""
        lease_id = self.identifier("lease_id")
        if lease_id is None:
            raise invalid("lease_id must be a UUID")
        return lease_id

    def mode(self) -> str:
        """Read the mode to convert to."""
        mode = self._fields.get("mode")
        if mode in ("exclusive", "shared"):
            return mode
        raise invalid("mode must be one of exclusive, shared")

    def ttl_ms(self) -> int:
        """Read the TTL of a lease."""
        return 1000 * self.integer("ttl_seconds", range(1, 3601))

    def wait_ms(self) -> int:
        """Read for how long to wait."""
        return 1000 * self.integer("wait_seconds", range(61), 0)

    def session_ttl_ms(self) -> int:
        """Read the TTL of a session."""
        return 1000 * self.integer("ttl_seconds", range(10, 301), RULES.session_ttl_seconds_default)

    def fencing_token(self) -> int:
        """Read a fencing token."""
        return self.integer("fencing_token", range(1, _UNTIL_LAST))

    def wants_proof(self) -> bool:
        """Whether the client wants a proof."""
        return self._fields.get("proof") is True

    def want(self, name: str) -> Want:
        """Read how a lock is wanted."""
        mode = None if self._fields.get("mode") is None else self.mode()
        limit = self.integer("limit", range(1, 10_001), 0)
        permits = self.integer("permits", range(1, 10_001), 0)
        if limit == 0:
            if permits:
                raise invalid("permits needs a limit. Add one, or leave permits out.")
            return Want(lock_name(name), mode or "exclusive")
        if mode is not None:
            raise invalid(f'A lock with a limit is counted, so mode cannot be "{mode}".')
        if permits > limit:
            raise invalid(f"permits is {permits}, but limit is {limit}.")
        return Want(lock_name(name), "counted", limit, permits or 1)

    def wants(self) -> tuple[Want, ...]:
        """Read how several locks are wanted."""
        locks = self._fields.get("locks")
        if not isinstance(locks, list) or not 1 <= len(locks) <= 32:
            raise invalid("locks must be a list of 1 to 32 locks")
        wants = tuple(Body(lock).want(str(lock.get("name"))) for lock in locks)
        if len({want.name for want in wants}) < len(wants):
            raise invalid("locks has a lock twice. List each lock once.")
        return wants

    def acquire_request(self, wants: tuple[Want, ...], user: str) -> AcquireRequest:
        """Read what a lease is to be like."""
        lease_id = self.identifier("lease_id")
        ttl_ms = self.ttl_ms()
        lock_delay = self.integer("lock_delay_seconds", range(61), 0)
        min_hold = self.integer("min_hold_seconds", range(3601), 0)
        if (lock_delay or min_hold) and any(want.mode != "exclusive" for want in wants):
            raise invalid("lock_delay_seconds and min_hold_seconds are for exclusive locks.")
        if min_hold * 1000 > ttl_ms:
            raise invalid("min_hold_seconds must be at most ttl_seconds.")
        return AcquireRequest(
            wants=wants,
            user=user,
            session_id=self.identifier("session_id"),
            lease_id=lease_id or str(uuid.uuid4()),
            is_id_chosen=lease_id is not None,
            ttl_ms=ttl_ms,
            metadata=self.text("metadata", 1024),
            lock_delay_ms=1000 * lock_delay,
            min_hold_ms=1000 * min_hold,
        )


def lock_name(name: str) -> str:
    """Check the name of a lock."""
    try:
        check_name(name)
    except ValidationError as error:
        raise invalid(str(error)) from None
    return name
