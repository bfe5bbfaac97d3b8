"""The examples of the README of the integrations run as they stand there."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command  # type: ignore[import-untyped]
from django.test import RequestFactory, override_settings  # type: ignore[import-untyped]

import octostore.contrib
from contrib_settings import configure_django
from octostore.contrib.django import client

README = (Path(octostore.contrib.__file__).parent / "README.md").read_text()
TASK, SETTINGS, VIEW, COMMAND = re.findall(r"```python\n(.*?)```", README, re.DOTALL)

configure_django()

pytestmark = pytest.mark.usefixtures("base_url")


def run(example: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "examples"}
    exec(compile(example, "README.md", "exec"), namespace)
    return namespace


def test_the_task() -> None:
    assert re.fullmatch(r"report 7 has the fencing token \d+", run(TASK)["build"].apply(args=[7]).get())


def test_the_settings() -> None:
    with override_settings(**run(SETTINGS)):
        assert "http://localhost:3000" in repr(client())


def test_the_view() -> None:
    response = run(VIEW)["ship"](RequestFactory().post("/"), order_id=7)
    assert re.fullmatch(rb"order 7 has the fencing token \d+", response.content)


def test_the_command() -> None:
    output = StringIO()
    call_command(run(COMMAND)["Command"](), stdout=output)
    assert re.fullmatch(r"the fencing token is \d+\n", output.getvalue())
