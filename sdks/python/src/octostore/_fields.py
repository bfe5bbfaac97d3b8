"""Type-checked reading of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar, cast

_INTEGER_MAX = 2**63 - 1

T = TypeVar("T")
Status = TypeVar("Status", bound=str)


class Fields:
    """The members of a JSON object. Reading one raises `ValueError` if it is missing or has another type."""

    def __init__(self, members: object) -> None:
        if not isinstance(members, dict):
            raise ValueError("no object")
        self._members = cast("dict[str, object]", members)

    @classmethod
    def parse(cls, text: str) -> Fields:
        """Read a text that is a JSON object."""
        return cls(json.loads(text))

    @classmethod
    def try_parse(cls, text: str) -> Fields:
        """Read a text that may be a JSON object. Any other text has no members."""
        try:
            return cls.parse(text)
        except (ValueError, RecursionError):
            return cls({})

    def has(self, name: str) -> bool:
        """Whether there is such a member, and it is not null."""
        return self._members.get(name) is not None

    def text(self, name: str) -> str:
        """Return a text."""
        return _expected(name, self.optional_text(name))

    def integer(self, name: str) -> int:
        """Return an integer."""
        return _expected(name, self.optional_integer(name))

    def time(self, name: str) -> datetime:
        """Return a date and time with a time zone."""
        return _expected(name, self.optional_time(name))

    def flag(self, name: str) -> bool:
        """Return a boolean."""
        value = self._members.get(name)
        return _expected(name, value if isinstance(value, bool) else None)

    def one_of(self, name: str, choices: Sequence[Status]) -> Status:
        """Return a text that must be one of the choices."""
        text = self.text(name)
        return _expected(name, next((choice for choice in choices if choice == text), None))

    def member(self, name: str) -> Fields:
        """Return an object."""
        return Fields(self._members.get(name))

    def objects(self, name: str) -> list[Fields]:
        """Return the objects of a list."""
        return [Fields(value) for value in self._list(name)]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the texts of a list."""
        return tuple(_expected(name, value if isinstance(value, str) else None) for value in self._list(name))

    def integers(self, name: str) -> tuple[int, ...]:
        """Return the integers of a list."""
        return tuple(_expected(name, _integer(value)) for value in self._list(name))

    def optional_text(self, name: str) -> str | None:
        """Return a text, or None."""
        value = self._members.get(name)
        return value if isinstance(value, str) else None

    def optional_integer(self, name: str) -> int | None:
        """Return an integer, or None."""
        return _integer(self._members.get(name))

    def optional_time(self, name: str) -> datetime | None:
        """Return a date and time with a time zone, or None."""
        text = self.optional_text(name)
        if text is None:
            return None
        try:
            # Python 3.10 does not support the Z.
            time = datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            return None
        return None if time.tzinfo is None else time

    def _list(self, name: str) -> list[object]:
        value = self._members.get(name)
        return _expected(name, cast("list[object]", value) if isinstance(value, list) else None)


def of_object(read: Callable[[Fields], T]) -> Callable[[str], T]:
    """Turn a reader of objects into a reader of their JSON text."""
    return lambda text: read(Fields.parse(text))


def _integer(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _INTEGER_MAX:
        return None
    return value


def _expected(name: str, value: T | None) -> T:
    if value is None:
        raise ValueError(f"nothing useful in {name}")
    return value
