"""Keeps a lease or a session alive."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto

from ._background import BRIEF_SECONDS
from ._clock import now
from ._errors import ErrorFacts, LeaseBrokenError, LostError, NotFoundError, OctoStoreError
from ._fork import renew_in_children
from ._handle_events import Events, HandleEventType, Subject
from ._leases import OneAttempt
from ._rules import RULES
from ._servers import Route, Servers
from ._signals import Trigger, pause, raise_if_set
from ._timers import TIMERS, Timer


@dataclass(frozen=True, kw_only=True)
class Renewable:
    """Something on the server that expires unless it is renewed: a lease or a session.

    Nothing in it may refer to its handle. Otherwise the handle would never be collected.
    """

    what: str
    """For messages, such as `the lock "a/b"`."""
    ttl_seconds: float
    proved_at: float
    """When the request that granted it or last renewed it was sent, on the monotonic clock."""
    timeout_seconds: float
    """Timeout of one attempt. It is less if the TTL is short."""
    servers: Servers
    renew: Callable[[OneAttempt], float]
    """Makes one attempt. Returns when it was sent, on the monotonic clock. Raises `NotFoundError` if it no
    longer exists."""
    events: Events
    subject: Callable[[], Subject]
    """What the events are about. Asked at each, because a conversion changes the fencing token."""
    within: Keeper | None = None
    """The session that this belongs to. This ends with it."""

    @property
    def period_seconds(self) -> float:
        """How long after a renewal the next one is due."""
        return self.ttl_seconds / RULES.renewals_per_ttl

    @property
    def attempt_seconds(self) -> float:
        """How long one attempt at a renewal may take."""
        return renewal_timeout_seconds(self.ttl_seconds, self.timeout_seconds)


class _State(Enum):
    ALIVE = auto()
    STOPPED = auto()
    """Closed by its owner."""
    LOST = auto()


class Keeper:
    """Renews a lease or session in the background, and signals its loss when it may have expired."""

    def __init__(self, thing: Renewable) -> None:
        self.lost = Trigger()
        self.over = Trigger()
        """Set when it is lost or closed. Nothing happens in the background from then on."""
        self.why_lost = ""
        self.cause: NotFoundError | None = None
        """What the server said about its end."""
        self._thing = thing
        self._lock = threading.RLock()
        self._state = _State.ALIVE
        self._proved_at = thing.proved_at
        self._unlisten: Callable[[], None] = lambda: None
        self._nap = Trigger()
        self._hurried: list[Trigger] = []
        self._is_forgotten = False
        renew_in_children(self)
        self._tell("acquired")
        thing.events.opened(self)
        with self._lock:  # The timer may be due at once.
            self._timer = self._arm()
        name = f"octostore-keeper: {thing.what}"
        self._thread = threading.Thread(target=self._keep, name=name, daemon=True)
        if thing.within is not None:
            self._unlisten = thing.within.over.listen(self._lose_with_outer)
        self._thread.start()

    def after_fork(self) -> None:
        """Replace the lock, which the thread that exists in the parent only may have held."""
        self._lock = threading.RLock()

    @property
    def what(self) -> str:
        """What it keeps, for messages."""
        return self._thing.what

    @property
    def is_lost(self) -> bool:
        """Checks the clock, so it is correct even if timers are late, as after the process was paused."""
        self._lose_by_time()
        if self._state is not _State.ALIVE:
            return self._state is _State.LOST
        within = self._thing.within
        return within is not None and within.is_lost

    @property
    def is_gone(self) -> bool:
        """Whether the server has reported that it has ended."""
        within = self._thing.within
        return self.cause is not None or (within is not None and within.is_gone)

    @property
    def certain_until(self) -> float:
        """Until when it is certain to live, on the monotonic clock."""
        within = self._thing.within
        own = self._proved_at + self._thing.ttl_seconds
        return min(own, math.inf if within is None else within.certain_until)

    @property
    def remaining_seconds(self) -> float:
        """How long it is certain to live. 0 once it is lost."""
        return 0.0 if self.is_lost else max(0.0, self.certain_until - now())

    def look(self) -> None:
        """Signal the loss if it is due."""
        self._lose_by_time()

    def lose(self, cause: NotFoundError) -> None:
        """Record that the server has reported its end."""
        self._lose("it has ended on the server", cause)

    def renew_now(self) -> None:
        """Make one attempt to renew it. Returns after it, or when it is lost or closed."""
        if threading.current_thread() is self._thread:
            return
        done = Trigger()
        unlisten = self.over.listen(done.set)
        with self._lock:
            self._hurried.append(done)
            self._nap.set()
        done.wait()
        unlisten()

    def note_release(self, error: Exception | None) -> None:
        """Record that its owner has closed it, or why that failed."""
        self._tell("released", error)

    @property
    def loss(self) -> str:
        """Say why it is lost."""
        cause = self.cause
        if isinstance(cause, LeaseBrokenError):
            who = "an administrator" if cause.broken_by == "administrator" else cause.broken_by
            return f'{who} broke it ("{cause.reason}")'
        return self.why_lost or "its session is lost"

    def stop(self) -> None:
        """Stop renewing. Returns when the renewing thread has ended."""
        with self._lock:
            if self._state is _State.ALIVE:
                self._state = _State.STOPPED
        self._end()
        if threading.current_thread() is not self._thread:
            # It ends at once, unless a function of the program holds it up.
            self._thread.join(BRIEF_SECONDS)

    def abandon(self) -> None:
        """Stop renewing, without any lock: a finalizer may run while this thread holds one."""
        self._is_forgotten = True
        self._state = _State.STOPPED
        self._end()

    @property
    def _loss_at(self) -> float:
        ttl_seconds = self._thing.ttl_seconds
        return self._proved_at + ttl_seconds - margin_seconds(ttl_seconds)

    def _keep(self) -> None:
        with suppress(CancelledError):  # It has ended.
            while True:
                self._await_due()
                self._renew()
        if self._is_forgotten:
            self._tell("lost", LostError(f"{self.what} is lost: its handle was forgotten", ErrorFacts()))

    def _await_due(self) -> None:
        """Wait until the next renewal is due, or is to be made now."""
        seconds = self._proved_at + self._thing.period_seconds - now()
        unlisten = self.over.listen(self._nap.set)
        self._nap.wait(max(0.0, seconds))
        unlisten()
        raise_if_set(self.over)

    def _take_hurried(self) -> list[Trigger]:
        with self._lock:
            hurried, self._hurried = self._hurried, []
            self._nap = Trigger()
        return hurried

    def _renew(self) -> None:
        period = self._thing.period_seconds
        route = Route(self._thing.servers, rounds_max=math.inf)
        while True:
            hurried = self._take_hurried()
            try:
                until = now() + self._thing.attempt_seconds
                self._prove(self._thing.renew(OneAttempt(route.url, until, self.over)))
                return
            except NotFoundError as error:
                self.lose(error)
                return
            except OctoStoreError as error:
                self._tell("renewal_failed", error)
                seconds = route.next(error)
            finally:
                for done in hurried:
                    done.set()
            pause(period if seconds is None else min(period, seconds), self.over)

    def _prove(self, sent_at: float) -> None:
        with self._lock:
            if self._state is not _State.ALIVE:
                return
            self._proved_at = max(self._proved_at, sent_at)
            self._timer.cancel()
            self._timer = self._arm()
        self._tell("renewed")

    def _arm(self) -> Timer:
        return TIMERS.call_at(self._loss_at, self._lose_by_time)

    def _lose_by_time(self) -> None:
        if now() >= self._loss_at:
            self._lose("it could not be renewed in time")

    def _lose_with_outer(self) -> None:
        self._lose("its session has ended")

    def _lose(self, why: str, cause: NotFoundError | None = None) -> None:
        with self._lock:
            if self._state is not _State.ALIVE:
                return
            self.why_lost = why
            self.cause = cause
            self._state = _State.LOST
        self._end()
        self.lost.set()
        loss = LostError(f"{self.what} is lost: {self.loss}", ErrorFacts())
        loss.__cause__ = cause
        self._tell("lost", loss)

    def _tell(self, kind: HandleEventType, error: Exception | None = None) -> None:
        self._thing.events.tell(kind, self._thing.subject(), error)

    def _end(self) -> None:
        self.over.set()
        self._timer.cancel()
        self._unlisten()


def renewal_timeout_seconds(ttl_seconds: float, timeout_seconds: float) -> float:
    """How long one attempt at a renewal may take, so that a server that hangs does not cost the lease."""
    return min(timeout_seconds, ttl_seconds / RULES.renewal_timeouts_per_ttl)


def margin_seconds(ttl_seconds: float) -> float:
    """How long before its TTL ends a lease or session counts as lost."""
    fraction_ms = ttl_seconds * 1000 * RULES.margin_fraction
    return min(RULES.margin_ms_max, max(RULES.margin_ms_min, fraction_ms)) / 1000
