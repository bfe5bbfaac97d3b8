"""Keeps forked children from inheriting locks and threads in a bad state."""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class AfterFork(Protocol):
    """Something with locks, threads or connections that a forked child must not use."""

    def after_fork(self) -> None:
        """Replace them. Called in the child, which has no other thread yet."""


_things: weakref.WeakSet[AfterFork] = weakref.WeakSet()


def renew_in_children(thing: AfterFork) -> None:
    """Call `after_fork` of a thing in each forked child. A lock that another thread held would stay held."""
    _things.add(thing)


def _renew_all() -> None:
    for thing in list(_things):
        thing.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
