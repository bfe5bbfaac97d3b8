"""The examples of the README run as they stand there."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock, call

import pytest

from conftest import WITHIN_SECONDS, eventually, started
from octostore import LostError, OctoStoreClient
from octostore._errors import ErrorFacts
from test_verify_webhook import headers_for

README = (Path(__file__).parents[1] / "README.md").read_text()

pytestmark = pytest.mark.usefixtures("base_url")

EXAMPLES = {
    (section.splitlines()[0], number): example
    for section in README.split("\n## ")
    for number, example in enumerate(re.findall(r"```python\n(.*?)```", section, re.DOTALL))
}


def run(section: str, number: int = 0, **names: object) -> dict[str, Any]:
    """Run an example that uses some functions of the reader; give what it defines."""
    example = compile(EXAMPLES.pop((section, number)), f"README.md, {section}", "exec")
    namespace: dict[str, Any] = dict(names)
    exec(example, namespace)
    return namespace


def test_a_lock() -> None:
    sent: list[tuple[str, int]] = []

    def send_invoice(invoice: str, fence: int) -> None:
        sent.append((invoice, fence))

    defined = run("A lock", open_invoices=lambda: ["a", "b"], send_invoice=send_invoice)
    fence = defined["lock"].fencing_token
    assert sent == [("a", fence), ("b", fence)]


def test_a_lock_that_is_held(other: OctoStoreClient, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(fence: int) -> None:
        raise AssertionError(fence)

    with other.hold("billing/nightly"):
        run("A lock", 1, send_invoices=fail)
    assert re.fullmatch(r"\S+ has the lock until \d\d:\d\d:\d\d\n", capsys.readouterr().out)


def test_a_leader() -> None:
    has_led = threading.Event()

    def run_next_job(fence: int) -> None:
        has_led.set()

    def wait_for_shutdown() -> None:
        assert has_led.wait(WITHIN_SECONDS)

    run("A leader", run_next_job=run_next_job, wait_for_shutdown=wait_for_shutdown)


def test_a_leader_that_fails(capsys: pytest.CaptureFixture[str]) -> None:
    election = run("A leader", 1)["election"]
    with pytest.raises(OSError, match="no disk"):
        election.join(WITHIN_SECONDS)
    eventually(lambda: capsys.readouterr().out == "the election has ended: no disk\n")


def test_asyncio(client: OctoStoreClient) -> None:
    sent: list[int] = []

    async def send_invoices(fence: int) -> None:
        sent.append(fence)

    async def run_next_job(fence: int) -> None:
        sent.append(fence)
        raise LostError("enough", ErrorFacts())

    with pytest.raises(LostError, match="enough"):
        run("asyncio", send_invoices=send_invoices, run_next_job=run_next_job)
    assert len(sent) == 2
    assert client.lock_status("scheduler").status == "available"


def test_shared_and_counted_locks() -> None:
    seen: dict[str, object] = {}
    run(
        "Shared and counted locks, and several at once",
        read_config=lambda: None,
        compute=seen.update,
        transfer=seen.update,
    )
    assert set(seen) == {"on_gpus", "fence"}


def test_fences() -> None:
    written: list[bool] = []
    run(
        "Shared and counted locks, and several at once",
        1,
        write_report=lambda: written.append(True),
    )
    assert written == [True]


def test_sigterm(client: OctoStoreClient) -> None:
    program = "import time, functools; send_invoices = functools.partial(time.sleep, 60)\n"
    with started(program + EXAMPLES.pop(("The end of a process", 0))) as process:
        eventually(lambda: client.lock_status("billing/nightly").status == "held")
        process.terminate()
        assert process.wait(WITHIN_SECONDS) == 143
    assert client.lock_status("billing/nightly").status == "available"


def test_several_servers() -> None:
    assert "b.octostore.example" in repr(run("Several servers")["client"])


def test_a_token_that_changes() -> None:
    run("A token that changes")


def test_a_session(capsys: pytest.CaptureFixture[str]) -> None:
    run("A session")
    assert re.fullmatch(r"\d+ False\n", capsys.readouterr().out)


def test_watching(client: OctoStoreClient, capsys: pytest.CaptureFixture[str]) -> None:
    is_over = threading.Event()
    making = in_background(lambda: make_events(client, is_over))
    try:
        run("Watching")
    finally:
        is_over.set()
        making.join()
    assert re.match(r"\d+ locks are held\n", capsys.readouterr().out)


def test_webhooks() -> None:
    receive = run("Webhooks")["receive"]
    body = '{"event":"acquired"}'
    headers = headers_for(body, time.time(), "a-secret-of-yours")
    assert receive(headers, body.encode()) == 204
    assert receive(headers, b"{}") == 400


def test_spans_of_opentelemetry(monkeypatch: pytest.MonkeyPatch) -> None:
    tracing = MagicMock()
    monkeypatch.setitem(sys.modules, "opentelemetry", tracing)
    sent: list[int] = []

    def send_invoices(fence: int) -> None:
        sent.append(fence)

    run("Events and openers", send_invoices=send_invoices)
    tracer = tracing.trace.get_tracer.return_value
    attributes = {"octostore.name": "billing/monthly", "octostore.fencing_token": sent[0]}
    tracer.start_span.assert_called_once_with("octostore.hold", attributes=attributes)
    span = tracer.start_span.return_value
    assert span.method_calls == [call.add_event("acquired"), call.add_event("released"), call.end()]


def test_the_double(capsys: pytest.CaptureFixture[str]) -> None:
    run("Testing your program")
    assert capsys.readouterr().out == "ada\nTrue\nTrue\n"


def test_no_example_was_left_out() -> None:
    assert EXAMPLES == {}


def make_events(client: OctoStoreClient, is_over: threading.Event) -> None:
    while not is_over.wait(0.05):
        client.hold("billing/watched", wait_seconds=10).release()


def in_background(target: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=target)
    thread.start()
    return thread
