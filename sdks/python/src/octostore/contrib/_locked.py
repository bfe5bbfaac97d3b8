"""Functions that run under a lock."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypedDict

from octostore import LockHandle, OctoStoreClient

Client = OctoStoreClient | Callable[[], OctoStoreClient]
"""A client, or a function that returns one."""

_current: ContextVar[LockHandle] = ContextVar("octostore_current_lock")


class HoldOptions(TypedDict, total=False):
    """Options of `hold`."""

    ttl_seconds: int
    wait_seconds: float
    min_hold_seconds: int
    metadata: str


def current_lock() -> LockHandle:
    """Return the lock under which the running task, command or view was called, with its fencing token.

    Raises:
        RuntimeError: If there is none.

    """
    try:
        return _current.get()
    except LookupError:
        message = "No lock is held here. Call current_lock() inside a task, command or view that has a lock."
        raise RuntimeError(message) from None


@contextmanager
def while_current(lock: LockHandle) -> Iterator[LockHandle]:
    """Hold a lock until the end of the block, and make it the current one."""
    with lock:
        token = _current.set(lock)
        try:
            yield lock
        finally:
            _current.reset(token)


def client_of(client: Client) -> OctoStoreClient:
    """Return the client itself."""
    return client if isinstance(client, OctoStoreClient) else client()


def refuse_coroutine(function: Callable[..., object]) -> None:
    """Raise `TypeError` for an asynchronous function, whose lock would be released before its work begins."""
    if inspect.iscoroutinefunction(function):
        name = getattr(function, "__qualname__", repr(function))
        raise TypeError(f"{name} is asynchronous. Use AsyncOctoStoreClient inside it instead.")


class LockName:
    """A name with the values of a function's arguments."""

    def __init__(self, template: str, function: Callable[..., object]) -> None:
        self._template = template
        self._signature = inspect.signature(function)

    def of(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        """Return the name for a call. Raise `TypeError` if the function cannot be called like this."""
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return self._template.format(**bound.arguments)
