"""Runs blocking calls for asyncio, each in a thread of its own, so that waits do not hold up others."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Generator
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

from ._background import in_background
from ._signals import Trigger

T = TypeVar("T")


def start(action: Callable[[], T]) -> Future[T]:
    """Run an action in a thread of its own."""
    running: Future[T] = Future()
    # From now on, no one can cancel it.
    running.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result = action()
        except BaseException as error:  # noqa: BLE001 - raised where the result is awaited
            running.set_exception(error)
        else:
            running.set_result(result)

    threading.Thread(target=run, name="octostore-async", daemon=True).start()
    return running


async def in_thread(action: Callable[[], T]) -> T:
    """Wait for an action in a thread. It goes on if the task is cancelled, and its result is dropped."""
    return await asyncio.wrap_future(start(action))


async def opened(action: Callable[[Trigger], T], undo: Callable[[T], object]) -> T:
    """Wait for an action that opens something. If the task is cancelled, so is the action.

    If it has succeeded nevertheless, it is undone in the background.
    """
    cancel = Trigger()
    running = start(lambda: action(cancel))

    def undo_result(done: Future[T]) -> None:
        if done.exception() is None:
            in_background("octostore-release", lambda: void(undo(done.result())))

    try:
        return await asyncio.wrap_future(running)
    except asyncio.CancelledError:
        cancel.set()
        running.add_done_callback(undo_result)
        raise


async def happened(signal: Trigger) -> None:
    """Wait for a signal."""
    loop = asyncio.get_running_loop()
    event = asyncio.Event()
    unlisten = signal.listen(lambda: void(loop.call_soon_threadsafe(event.set)))
    try:
        await event.wait()
    finally:
        unlisten()


class Closable(Protocol):
    """Something that its `async with` block closes."""

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


Opened = TypeVar("Opened", bound=Closable)


class Opening(Generic[Opened]):
    """Opens something: await it, or use it as an `async with` block, which also closes it."""

    def __init__(self, begin: Callable[[], Coroutine[Any, Any, Opened]]) -> None:
        self._begin = begin

    def __await__(self) -> Generator[Any, None, Opened]:
        return self._begin().__await__()

    async def __aenter__(self) -> Opened:
        self._opened = await self._begin()
        return self._opened

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._opened.__aexit__(kind, error, traceback)


def void(_: object) -> None:
    """Ignore a result."""


def led_in(loop: asyncio.AbstractEventLoop, lead: Callable[[], Awaitable[object]], stop: Trigger) -> None:
    """Run an asynchronous leader in its loop, from another thread, and cancel it when the signal is set.

    Returns when it has ended, and raises what it raises.
    """
    ended: Future[None] = Future()

    async def run() -> None:
        await lead()

    def end(task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is None:
            ended.set_result(None)
        else:
            ended.set_exception(error)

    def begin() -> None:
        task = loop.create_task(run())
        unlisten = stop.listen(lambda: void(loop.call_soon_threadsafe(task.cancel)))
        task.add_done_callback(end)
        task.add_done_callback(lambda _: unlisten())

    loop.call_soon_threadsafe(begin)
    ended.result()
