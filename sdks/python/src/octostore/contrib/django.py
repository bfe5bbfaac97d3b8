"""Django views and management commands that run under a lock.

The setting `OCTOSTORE` has the arguments of the client: `OCTOSTORE = {"base_url": "...", "token": "..."}`.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ClassVar

from django.conf import settings  # type: ignore[import-untyped]
from django.core.management.base import BaseCommand, CommandError  # type: ignore[import-untyped]
from django.core.signals import setting_changed  # type: ignore[import-untyped]
from django.http import HttpRequest, HttpResponse  # type: ignore[import-untyped]

from octostore import LockHeldError, OctoStoreClient

from ._locked import HoldOptions, LockName, current_lock, refuse_coroutine, while_current

__all__ = ["LockedCommand", "client", "current_lock", "locked_view"]

View = Callable[..., HttpResponse]

EXIT_HELD = 75
"""What a command exits with if someone else holds its lock: the code for "try again later" of sysexits.h."""


@cache
def client() -> OctoStoreClient:
    """Return the client that the setting `OCTOSTORE` describes. Without it, the environment does.

    It is made when it is first needed. Workers that a server forks can use it too.
    """
    return OctoStoreClient(**getattr(settings, "OCTOSTORE", {}))


def _forget_client(*, setting: str, **_: object) -> None:
    if setting == "OCTOSTORE":
        client.cache_clear()


setting_changed.connect(_forget_client)


def locked_view(
    name: str,
    *,
    held_status: int = 423,
    ttl_seconds: int = 60,
    wait_seconds: float = 0,
) -> Callable[[View], View]:
    """Run a view under a lock. Inside it, `current_lock()` has the fencing token.

    Args:
        name: The name of the lock. It can have arguments of the view in it: `orders/{order_id}`.
        held_status: The status of the response if someone else still holds the lock when the wait is over.
        ttl_seconds: How long the lease lasts without a renewal, 1 to 3600.
        wait_seconds: How long to wait in line.

    """
    options = HoldOptions(ttl_seconds=ttl_seconds, wait_seconds=wait_seconds)

    def decorate(view: View) -> View:
        refuse_coroutine(view)
        names = LockName(name, view)

        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                lock = client().hold(names.of((request, *args), kwargs), **options)
            except LockHeldError:
                return HttpResponse("Another request is using this now. Try again later.", status=held_status)
            with while_current(lock):
                return view(request, *args, **kwargs)

        return run

    return decorate


class LockedCommand(BaseCommand):  # type: ignore[misc]
    """A management command of which one at a time runs, on all machines.

    With `--wait-for-lock`, it waits in line. If someone else holds the lock, it exits with 75.
    """

    lock_name: ClassVar[str]
    """The name of the lock. By default `commands/` and the name of the command."""

    ttl_seconds: ClassVar[int] = 60
    """How long the lease lasts without a renewal, 1 to 3600."""

    min_hold_seconds: ClassVar[int] = 0
    """For how long no one else gets the lock after the command has begun, even if it is done sooner."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> ArgumentParser:
        """Add the argument `--wait-for-lock`."""
        parser: ArgumentParser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.add_argument(
            "--wait-for-lock",
            type=float,
            default=0,
            metavar="SECONDS",
            help="How long to wait if this command already runs, here or elsewhere.",
        )
        return parser

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run the command under its lock."""
        name = getattr(self, "lock_name", f"commands/{type(self).__module__.rpartition('.')[2]}")
        try:
            lock = client().hold(
                name,
                ttl_seconds=self.ttl_seconds,
                min_hold_seconds=self.min_hold_seconds,
                wait_seconds=options.pop("wait_for_lock", 0),
            )
        except LockHeldError as held:
            raise CommandError(str(held), returncode=EXIT_HELD) from held
        with while_current(lock):
            return super().execute(*args, **options)
