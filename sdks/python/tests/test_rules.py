"""The numbers of the SDK are those that all SDKs share."""

import json
from dataclasses import asdict
from pathlib import Path

from octostore import RULES

CONFORMANCE = Path(__file__).parents[2] / "conformance"


def test_the_rules_are_those_of_rules_json() -> None:
    assert asdict(RULES) == json.loads((CONFORMANCE / "rules.json").read_text())
