"""Keeps a lease or a session alive."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto

from ._clock import delay_seconds, now
from ._errors import ErrorFacts, LostError, NotFoundError, OctoStoreError
from ._rules import RULES
from ._signals import Trigger, pause
from ._timers import TIMERS, Timer


@dataclass(frozen=True, kw_only=True)
class Renewable:
    """Something on the server that expires unless it is renewed: a lease or a session."""

    what: str
    """For messages, such as `the lock a/b`."""
    ttl_seconds: float
    proved_at: float
    """When the request that granted it or last renewed it was sent, on the monotonic clock."""
    timeout_seconds: float
    """Timeout of one attempt."""
    renew: Callable[[float, Trigger], float]
    """Makes one attempt until a given time, unless the trigger ends it. Returns when it was sent, both
    on the monotonic clock. Raises `NotFoundError` if it no longer exists."""
    within: Keeper | None = None
    """The session that this belongs to. This ends with it."""

    @property
    def period_seconds(self) -> float:
        """How long after a renewal the next one is due."""
        return self.ttl_seconds / RULES.renewals_per_ttl


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
        self._thing = thing
        self._lock = threading.RLock()
        self._state = _State.ALIVE
        self._proved_at = thing.proved_at
        self._why = ""
        self._facts = ErrorFacts()
        self._is_gone = False
        self._unlisten: Callable[[], None] = lambda: None
        with self._lock:  # The timer may be due at once.
            self._timer = self._arm()
        name = f"octostore-keeper: {thing.what}"
        self._thread = threading.Thread(target=self._keep, name=name, daemon=True)
        if thing.within is not None:
            self._unlisten = thing.within.over.listen(self._lose_with_outer)
        self._thread.start()

    @property
    def is_lost(self) -> bool:
        """Checks the clock, so it is correct even if timers are late, as after the process was paused."""
        self._lose_by_time()
        within = self._thing.within
        return self._state is _State.LOST or (within is not None and within.is_lost)

    @property
    def is_gone(self) -> bool:
        """Whether the server has reported that it has ended."""
        return self._is_gone

    @property
    def remaining_seconds(self) -> float:
        """How long it is certain to live. 0 once it is lost."""
        if self.is_lost:
            return 0.0
        own = max(0.0, self._proved_at + self._thing.ttl_seconds - now())
        within = self._thing.within
        return own if within is None else min(own, within.remaining_seconds)

    def raise_if_lost(self) -> None:
        """Raise `LostError`, which says why, if it is lost."""
        if self.is_lost:
            why = self._why or "its session is lost"
            raise LostError(f"{self._thing.what} is lost: {why}", self._facts)

    def stop(self) -> None:
        """Stop renewing. Returns when the renewing thread has ended."""
        with self._lock:
            if self._state is _State.ALIVE:
                self._state = _State.STOPPED
        self._end()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    @property
    def _loss_at(self) -> float:
        ttl_seconds = self._thing.ttl_seconds
        return self._proved_at + ttl_seconds - margin_seconds(ttl_seconds)

    def _keep(self) -> None:
        with suppress(CancelledError):  # It has ended.
            while True:
                pause(self._proved_at + self._thing.period_seconds - now(), self.over)
                self._renew()

    def _renew(self) -> None:
        period = self._thing.period_seconds
        failures = 0
        while True:
            try:
                until = now() + min(self._thing.timeout_seconds, period)
                self._prove(self._thing.renew(until, self.over))
                return
            except NotFoundError as error:
                self._lose("it has ended on the server", error)
                return
            except OctoStoreError as error:
                failures += 1
                delay = delay_seconds(failures, error.retry_after_seconds)
            pause(min(period, delay), self.over)

    def _prove(self, sent_at: float) -> None:
        with self._lock:
            if self._state is not _State.ALIVE:
                return
            self._proved_at = max(self._proved_at, sent_at)
            self._timer.cancel()
            self._timer = self._arm()

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
            self._why = why
            if cause is not None:
                self._facts = ErrorFacts(cause.code, cause.status, cause.request_id)
                self._is_gone = True
            self._state = _State.LOST
        self._end()
        self.lost.set()

    def _end(self) -> None:
        self.over.set()
        self._timer.cancel()
        self._unlisten()


def margin_seconds(ttl_seconds: float) -> float:
    """How long before its TTL ends a lease or session counts as lost."""
    fraction_ms = ttl_seconds * 1000 * RULES.margin_fraction
    return min(RULES.margin_ms_max, max(RULES.margin_ms_min, fraction_ms)) / 1000
