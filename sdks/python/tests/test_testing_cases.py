"""The double answers the cases for test doubles as the real server does."""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from conftest import WITHIN_SECONDS
from octostore import HttpRequest, HttpResponse, Trigger
from octostore.testing import InMemoryOctoStore

CASES = json.loads((Path(__file__).parents[2] / "conformance" / "test-double-cases.json").read_text())[
    "cases"
]

COMPARISONS = {
    "$gt": lambda actual, bound: actual > bound,
    "$gte": lambda actual, bound: actual >= bound,
    "$lt": lambda actual, bound: actual < bound,
    "$lte": lambda actual, bound: actual <= bound,
}


class Run:
    """Runs one case."""

    def __init__(self) -> None:
        self.octostore = InMemoryOctoStore()
        self.tokens = {
            "ada": self.octostore.token("ada"),
            "bob": self.octostore.token("bob"),
            "admin": self.octostore.admin_token,
        }
        self.saved: dict[str, Any] = {"lock": f"case-{uuid.uuid4()}", "ada": "ada", "bob": "bob"}
        self.saved.update({f"id{number}": str(uuid.uuid4()) for number in range(1, 5)})
        self.started: dict[str, tuple[threading.Thread, list[HttpResponse]]] = {}

    def step(self, step: dict[str, Any]) -> None:
        if "pass_seconds" in step:
            self.octostore.advance(step["pass_seconds"])
        elif "start" in step:
            answers: list[HttpResponse] = []
            thread = threading.Thread(target=lambda: answers.append(self.ask(step)))
            thread.start()
            self.started[step["start"]] = (thread, answers)
        elif "finish" in step:
            thread, answers = self.started[step["finish"]]
            thread.join(WITHIN_SECONDS)
            self.check(answers[0], step)
        else:
            self.check(self.ask_until(step) if step.get("until") else self.ask(step), step)

    def ask_until(self, step: dict[str, Any]) -> HttpResponse:
        until = time.monotonic() + WITHIN_SECONDS
        while True:
            response = self.ask(step)
            if self.differences(step["answer"], read(response)) == []:
                return response
            assert time.monotonic() < until, response
            time.sleep(0.002)

    def ask(self, step: dict[str, Any]) -> HttpResponse:
        method, path = self.filled(step["ask"]).split(" ")
        body = None if "body" not in step else json.dumps(self.filled(step["body"])).encode()
        headers = {} if step["as"] is None else {"authorization": f"Bearer {self.tokens[step['as']]}"}
        url = self.octostore.base_url + path
        return self.octostore.opener(HttpRequest(method, url, headers, body, 60, Trigger()))

    def check(self, response: HttpResponse, step: dict[str, Any]) -> None:
        assert response.status == step["status"], response.body
        if "answer" in step:
            assert self.differences(step["answer"], read(response)) == []
        for name, field in step.get("save", {}).items():
            self.saved[name] = read(response)[field]

    def filled(self, value: Any) -> Any:
        if isinstance(value, str):
            if (whole := re.fullmatch(r"\{(\w+)\}", value)) is not None:
                return self.saved[whole[1]]
            return re.sub(r"\{(\w+)\}", lambda match: str(self.saved[match[1]]), value)
        if isinstance(value, list):
            return [self.filled(entry) for entry in value]
        if isinstance(value, dict):
            return {name: self.filled(member) for name, member in value.items()}
        return value

    def differences(self, expected: Any, actual: Any, path: str = "answer") -> list[str]:
        if isinstance(expected, dict):
            return self.differences_of_objects(expected, actual, path)
        if isinstance(expected, list):
            if len(expected) != len(actual):
                return [f"{path} has {len(actual)} entries"]
            pairs = enumerate(zip(expected, actual, strict=True))
            found = [self.differences(one, other, f"{path}[{at}]") for at, (one, other) in pairs]
            return [difference for differences in found for difference in differences]
        is_same = actual is not None if expected == "$any" else self.filled(expected) == actual
        return [] if is_same else [f"{path} is {actual!r}, not {expected}"]

    def differences_of_objects(self, expected: dict[str, Any], actual: Any, path: str) -> list[str]:
        if expected.keys() & COMPARISONS.keys():
            is_within = all(COMPARISONS[name](actual, self.filled(bound)) for name, bound in expected.items())
            return [] if is_within else [f"{path} is {actual!r}, not {expected}"]
        found = [self.differences(one, actual.get(name), f"{path}.{name}") for name, one in expected.items()]
        return [difference for differences in found for difference in differences]


def read(response: HttpResponse) -> Any:
    assert isinstance(response.body, bytes)
    return json.loads(response.body) if response.body.startswith(b"{") else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_double_answers_as_the_server(case: dict[str, Any]) -> None:
    run = Run()
    for step in case["steps"]:
        run.step(step)
