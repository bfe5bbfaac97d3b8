"""What is public is documented."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import octostore
from octostore import OctoStoreClient

README = (Path(__file__).parents[1] / "README.md").read_text()


def members() -> Iterator[tuple[str, object]]:
    for name in octostore.__all__:
        thing = getattr(octostore, name)
        if not inspect.isclass(thing) or not thing.__module__.startswith("octostore"):
            continue
        yield name, thing
        for member, value in vars(thing).items():
            if not member.startswith("_") and (callable(value) or isinstance(value, property)):
                yield f"{name}.{member}", value


@pytest.mark.parametrize(("name", "thing"), list(members()))
def test_everything_public_has_a_docstring(name: str, thing: object) -> None:
    assert inspect.getdoc(thing), name


def test_the_readme_names_every_call_and_every_error() -> None:
    calls = [name for name in vars(OctoStoreClient) if not name.startswith("_") and name != "close"]
    errors = [name for name in octostore.__all__ if name.endswith("Error")]
    assert [name for name in calls + errors if f"`{name}" not in README] == []


def test_the_package_is_typed() -> None:
    assert (Path(octostore.__file__).parent / "py.typed").exists()
