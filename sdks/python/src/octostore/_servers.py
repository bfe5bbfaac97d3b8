"""The servers at which a client reaches the service."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ._clock import delay_seconds, now
from ._errors import OctoStoreError
from ._repeating import is_fault_of_server
from ._rules import RULES


class Servers:
    """The base URLs of the servers, and the one in use. All calls of a client share this."""

    def __init__(self, urls: Sequence[str]) -> None:
        self.urls = tuple(urls)
        """Without trailing slashes, each once. The client begins with the first."""
        self.current = self.urls[0]

    @property
    def from_current(self) -> tuple[str, ...]:
        """All URLs, the current one first."""
        at = self.urls.index(self.current)
        return self.urls[at:] + self.urls[:at]

    def keep(self, url: str) -> None:
        """Stay with a server that works."""
        self.current = url

    def leave(self, url: str) -> None:
        """Go on with the next server after one that does not work, unless another call has done so."""
        if url == self.current:
            self.current = (*self.from_current, url)[1]


@dataclass(frozen=True)
class _Choice:
    url: str
    in_seconds: float

    @property
    def is_soon(self) -> bool:
        return self.in_seconds <= RULES.retry_after_ms_max / 1000


class Route:
    """Which server each attempt of a call goes to, and when.

    The attempts go in rounds: in each, every server is asked once, without a pause in between. Before each
    further round there is a pause, which grows.
    """

    def __init__(self, servers: Servers, *, rounds_max: float, until: float = -math.inf) -> None:
        """Make a route that ends after `rounds_max` rounds, but not before `until` on the monotonic clock.

        Until then, and if the rounds never end, it waits for any `Retry-After`. A pause that would end later
        than `until` ends then.
        """
        self._servers = servers
        self._rounds_max = rounds_max
        self._until = until
        self.url = servers.current
        """The server for the next attempt."""
        self._round = 1
        self._asked: set[str] = set()
        """The servers that were asked in this round."""
        self._busy_until: dict[str, float] = {}
        """Until when servers have asked to be left alone, on the monotonic clock."""

    def restart(self) -> None:
        """Begin with the first round again, such as after an answer."""
        self._round = 1
        self._asked.clear()
        self._busy_until.clear()

    def never_end(self) -> None:
        """Go on for as long as it takes from now on, at first with the server that has just answered."""
        self._servers.keep(self.url)
        self._rounds_max = math.inf
        self.restart()

    def next(self, error: OctoStoreError) -> float | None:
        """Go on after a failed attempt. Returns the seconds before the next one, None if there is none."""
        at = now()
        self._asked.add(self.url)
        self._busy_until[self.url] = at + (error.retry_after_seconds or 0)
        # Another server would say the same about a request that this one has understood.
        urls = self._servers.from_current if is_fault_of_server(error) else (self.url,)
        choice = self._in_this_round(urls, at) or self._in_next_round(urls, at)
        if choice is None:
            return None
        self.url = choice.url
        return choice.in_seconds

    def _in_this_round(self, urls: Sequence[str], at: float) -> _Choice | None:
        unasked = [self._choice(url, at) for url in urls if url not in self._asked]
        return _soonest([choice for choice in unasked if choice.is_soon])

    def _in_next_round(self, urls: Sequence[str], at: float) -> _Choice | None:
        pause = delay_seconds(self._round)
        if at < self._until:
            pause = min(pause, self._until - at)
        choices = [self._choice(url, at, pause) for url in urls]
        allowed = [choice for choice in choices if self._is_allowed(choice, at)]
        self._round += 1
        self._asked.clear()
        return _soonest([choice for choice in allowed if choice.is_soon]) or _soonest(allowed)

    def _is_allowed(self, choice: _Choice, at: float) -> bool:
        if self._rounds_max == math.inf or choice.in_seconds <= self._until - at:
            return True
        return self._round < self._rounds_max and choice.is_soon

    def _choice(self, url: str, at: float, pause: float = 0.0) -> _Choice:
        return _Choice(url, max(pause, self._busy_until.get(url, 0.0) - at))


def _soonest(choices: Sequence[_Choice]) -> _Choice | None:
    """Return the first of those that can be asked soonest, None if there is none."""
    return min(choices, key=lambda choice: choice.in_seconds, default=None)
