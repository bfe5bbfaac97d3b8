"""What a double remembers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

Fields = dict[str, object]
"""The members of a JSON object."""

KEPT_PLACE_MS = 15_000
"""How long a place in line is kept while no one is asking for it."""

REMEMBERED_MS = 3_600_000
"""How long broken leases and expired sessions are remembered."""


@dataclass(frozen=True)
class Refusal:
    """An answer that is an error."""

    status: int
    code: str
    error: str
    fields: Fields = field(default_factory=dict)


class Refused(Exception):  # noqa: N818 - it never leaves the double
    """A request is refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True)
class Want:
    """What a request wants of one lock. With a limit, the lock is counted."""

    name: str
    mode: str
    limit: int = 0
    permits: int = 0


@dataclass(frozen=True)
class Hold:
    """How a lease holds one lock."""

    name: str
    mode: str
    limit: int = 0
    slots: tuple[int, ...] = ()

    @property
    def want(self) -> Want:
        """What has led to it."""
        return Want(self.name, self.mode, self.limit, len(self.slots))


@dataclass(frozen=True)
class AcquireRequest:
    """The lease that an acquire asks for."""

    wants: tuple[Want, ...]
    user: str
    session_id: str | None
    lease_id: str
    is_id_chosen: bool
    ttl_ms: int
    metadata: str | None
    lock_delay_ms: int
    min_hold_ms: int


@dataclass
class Lease:
    """One grant."""

    lease_id: str
    user: str
    session_id: str | None
    token: int
    ttl_ms: int
    deadline: int
    """The last millisecond at which it is alive."""
    metadata: str | None
    holds: tuple[Hold, ...]
    lock_delay_ms: int
    kept_until: int

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its locks."""
        return tuple(hold.name for hold in self.holds)

    def on(self, name: str) -> Hold | None:
        """How it holds a lock."""
        return next((hold for hold in self.holds if hold.name == name), None)

    def hold_as(self, name: str, mode: str) -> None:
        """Hold one of its locks in another mode."""
        self.holds = tuple(replace(hold, mode=mode) if hold.name == name else hold for hold in self.holds)


Answer = Lease | Refusal


@dataclass
class Ticket:
    """A request with a place in line."""

    request: AcquireRequest
    since: int
    deadline: int
    answer: Callable[[Answer, bool], None] | None
    """Answers the client: with a lease and whether it is new, or a refusal. None while no one is asking."""

    @property
    def is_asking(self) -> bool:
        """Whether a client waits for the answer now."""
        return self.answer is not None

    def wants(self, name: str) -> Want | None:
        """What it wants of a lock."""
        return next((want for want in self.request.wants if want.name == name), None)

    def settle(self, answer: Answer) -> None:
        """Answer the client, which then no longer asks."""
        told, self.answer = self.answer, None
        if told is not None:
            told(answer, True)


@dataclass
class Session:
    """A session."""

    session_id: str
    user: str
    ttl_ms: int
    deadline: int
    """The last millisecond at which it is alive, or remembered."""
    is_alive: bool = True


@dataclass(frozen=True)
class Broken:
    """A lease that an administrator has ended."""

    lease: Lease
    reason: str
    at: int


@dataclass(frozen=True)
class ReleaseRequest:
    """A request to release a lock, for the leases up to a fencing token."""

    by: str
    message: str | None
    at: int
    through: int
