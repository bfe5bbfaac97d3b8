"""Values of the SDK as the driver protocol has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timezone

from octostore import LeaseBrokenError, LockHeldError, OctoStoreError, StaleTokenError


class ProgramError(Exception):
    """An error of the program that uses the SDK."""


def as_json(value: object) -> object:
    if isinstance(value, datetime):
        utc = value.astimezone(timezone.utc)
        return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, (list, tuple)):
        return [as_json(member) for member in value]
    if is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {name: as_json(member) for name, member in value.items()}
    return value


def error_facts(error: BaseException) -> object:
    if isinstance(error, ProgramError):
        return {"type": "program", "message": str(error)}
    if isinstance(error, OctoStoreError):
        return own_error_facts(error)
    raise error


def own_error_facts(error: OctoStoreError) -> object:
    facts: dict[str, object] = {
        "type": error.type,
        "message": error.message,
        "code": error.code,
        "status": error.status,
        "request_id": error.request_id,
        "retry_after_ms": milliseconds(error.retry_after_seconds),
    }
    names: tuple[str, ...] = ()
    if isinstance(error, LockHeldError):
        names = ("lock", "holder", "holder_id", "expires_at", "metadata", "limit", "position", "waiters")
    elif isinstance(error, StaleTokenError):
        names = ("highest",)
    elif isinstance(error, LeaseBrokenError):
        names = ("reason", "broken_by", "broken_at")
    if isinstance(error.__cause__, ProgramError):
        facts["cause"] = str(error.__cause__)
    return as_json({**facts, **{name: getattr(error, name) for name in names}})


def milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000
