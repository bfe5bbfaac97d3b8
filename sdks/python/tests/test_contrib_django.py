"""Django views and commands under locks."""

from __future__ import annotations

import os
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command  # type: ignore[import-untyped]
from django.http import HttpRequest, HttpResponse  # type: ignore[import-untyped]
from django.test import RequestFactory, override_settings  # type: ignore[import-untyped]

from conftest import eventually
from contrib_settings import configure_django
from octostore import OctoStoreClient
from octostore.contrib.django import LockedCommand, client, current_lock, locked_view
from test_readme import in_background

configure_django()

pytestmark = pytest.mark.usefixtures("base_url")


class Command(LockedCommand):
    def handle(self, *args: str, **options: Any) -> None:
        self.stdout.write(current_lock().name)


def test_the_settings_describe_the_client(base_url: str) -> None:
    assert base_url in repr(client())
    with override_settings(OCTOSTORE={"base_url": "http://other.example", "token": "octo_x"}):
        assert "http://other.example" in repr(client())
    assert base_url in repr(client())


def test_a_view_runs_under_a_lock_with_the_name_of_its_arguments(other: OctoStoreClient, name: str) -> None:
    @locked_view(name + "/{order_id}", held_status=409)
    def ship(request: HttpRequest, order_id: int) -> HttpResponse:
        lock = current_lock()
        return HttpResponse(f"{lock.name} {other.lock_status(lock.name).status}")

    request = RequestFactory().post("/orders/7")
    assert ship(request, order_id=7).content.decode() == f"{name}/7 held"
    assert other.lock_status(f"{name}/7").status == "available"
    with other.hold(f"{name}/7"):
        assert ship(request, 7).status_code == 409
        assert ship(request, 8).status_code == 200


def test_a_view_that_is_asynchronous_is_refused() -> None:
    async def later(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    with pytest.raises(TypeError, match="later is asynchronous"):
        locked_view("later")(later)


def test_a_command_runs_under_a_lock(other: OctoStoreClient) -> None:
    output = StringIO()
    call_command(Command(), stdout=output)
    assert output.getvalue() == "commands/test_contrib_django\n"
    with other.hold("commands/test_contrib_django"), pytest.raises(CommandError) as refused:
        call_command(Command(), stdout=output)
    assert refused.value.returncode == 75


def test_a_command_can_wait(other: OctoStoreClient, name: str) -> None:
    class Waiting(Command):
        lock_name = name

    output = StringIO()
    lock = other.hold(name)
    thread = in_background(lambda: call_command(Waiting(), "--wait-for-lock=40", stdout=output))
    eventually(lambda: other.lock_status(name).waiters == 1)
    lock.close()
    thread.join()
    assert output.getvalue() == f"{name}\n"


def test_the_token_of_the_environment_is_used_without_settings() -> None:
    with override_settings(OCTOSTORE={"token": os.environ["OCTOSTORE_OTHER_TOKEN"]}):
        lock = client().hold("django/other")
    with lock:
        assert client().lock_status("django/other").status == "held"
