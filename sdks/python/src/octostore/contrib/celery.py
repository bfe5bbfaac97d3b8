"""Celery tasks that run under a lock, one at a time.

@app.task
@locked_task("reports/{report_id}")
def build(report_id):
    write(report_id, fence=current_lock().fencing_token)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Literal, ParamSpec, TypeVar, cast

from celery import current_task  # type: ignore[import-untyped]
from celery.utils.log import get_task_logger  # type: ignore[import-untyped]

from octostore import LockHeldError, OctoStoreClient

from ._locked import Client, HoldOptions, LockName, client_of, current_lock, refuse_coroutine, while_current

__all__ = ["current_lock", "default_client", "locked_task"]

P = ParamSpec("P")
R = TypeVar("R")

_log = get_task_logger(__name__)


@cache
def default_client() -> OctoStoreClient:
    """Return the client of tasks that name no other. `OCTOSTORE_BASE_URL` and `OCTOSTORE_TOKEN` configure it.

    Workers that the pool forks can use it too.
    """
    return OctoStoreClient(release_on_exit=True)


def locked_task(
    name: str,
    *,
    if_held: Literal["skip", "retry", "fail"] = "skip",
    retry_seconds: float = 10,
    client: Client = default_client,
    ttl_seconds: int = 60,
    wait_seconds: float = 0,
    min_hold_seconds: int = 0,
) -> Callable[[Callable[P, R]], Callable[P, R | None]]:
    """Let one worker at a time run a task. Put it below `@app.task`.

    Args:
        name: The name of the lock. It can have arguments of the task in it: `reports/{report_id}`.
        if_held: What happens if someone else holds the lock. `skip` returns None, `retry` lets Celery retry
            the task, as often as its `max_retries` says, and `fail` raises `LockHeldError`.
        retry_seconds: When to retry.
        client: The client, or a function that returns it.
        ttl_seconds: How long the lease lasts without a renewal, 1 to 3600.
        wait_seconds: How long to wait in line. The worker does nothing else meanwhile.
        min_hold_seconds: For how long no one else gets the lock after the task has begun, even if it is done
            sooner, 0 to `ttl_seconds`. So a task that several schedulers send at the same time runs once.

    """
    options = HoldOptions(
        ttl_seconds=ttl_seconds, wait_seconds=wait_seconds, min_hold_seconds=min_hold_seconds
    )

    def decorate(task: Callable[P, R]) -> Callable[P, R | None]:
        refuse_coroutine(task)
        names = LockName(name, task)

        @wraps(task)
        def run(*args: P.args, **kwargs: P.kwargs) -> R | None:
            try:
                lock = client_of(client).hold(names.of(args, kwargs), **options)
            except LockHeldError as held:
                return cast("R | None", _when_held(held, if_held, retry_seconds))
            with while_current(lock):
                return task(*args, **kwargs)

        return run

    return decorate


def _when_held(held: LockHeldError, if_held: str, retry_seconds: float) -> Any:
    if if_held == "skip":
        _log.info("Skipped the task: %s", held)
        return None
    if if_held == "retry":
        raise current_task.retry(exc=held, countdown=retry_seconds)
    raise held
