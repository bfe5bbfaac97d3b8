"""What the protocol can ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent import futures
from concurrent.futures import Future
from threading import Lock, Thread
from time import sleep
from typing import Any, TypeAlias

from octostore import (
    RULES,
    Election,
    LockHandle,
    OctoStoreClient,
    OctoStoreError,
    ReleaseRequest,
    SessionHandle,
    Signal,
    WantedLock,
    Watch,
    WatchUpdate,
    verify_webhook,
)
from protocol import ProgramError, error_facts, milliseconds

Given: TypeAlias = dict[str, Any]
Tell: TypeAlias = Callable[[dict[str, object]], None]

clients: dict[str, OctoStoreClient] = {}
handles: dict[str, LockHandle] = {}
sessions: dict[str, SessionHandle] = {}
elections: dict[str, Election] = {}
watches: dict[str, OpenWatch] = {}
blocks: dict[str, OpenBlock] = {}


class OpenWatch:
    """A watch, and the update that was asked for last, if it has not been given yet."""

    def __init__(self, watch: Watch[Any]) -> None:
        self.watch = watch
        self._coming: Future[WatchUpdate[Any] | None] | None = None

    def next(self, timeout: float) -> WatchUpdate[Any] | None:
        """Give None after the last update. Raises `TimeoutError` of `futures` if none comes in time."""
        coming = self._coming = self._coming or self._ask()
        update = coming.result(timeout)
        self._coming = None
        return update

    def _ask(self) -> Future[WatchUpdate[Any] | None]:
        coming: Future[WatchUpdate[Any] | None] = Future()

        def ask() -> None:
            try:
                coming.set_result(next(self.watch, None))
            except Exception as error:  # noqa: BLE001 - whoever waits is told
                coming.set_exception(error)

        Thread(target=ask, daemon=True).start()
        return coming


class OpenBlock:
    """The end of a block, which its driver is told from outside."""

    def __init__(self) -> None:
        self._end: Future[None] = Future()

    def end(self, fails: str | None) -> None:
        if fails is None:
            self._end.set_result(None)
        else:
            self._end.set_exception(ProgramError(fails))

    def run(self) -> None:
        self._end.result()


class Tokens:
    """A function that gives one token after the other."""

    def __init__(self, tokens: Sequence[str], fails: str | None = None, delay_ms: int = 0) -> None:
        self._left = list(tokens)
        self._last: str | None = None
        self._fails = fails
        self._delay = delay_ms / 1000
        self._turn = Lock()

    def __call__(self) -> str | None:
        sleep(self._delay)
        with self._turn:
            if self._left:
                self._last = self._left.pop(0)
            elif self._fails is not None:
                raise ProgramError(self._fails)
            return self._last


def make_client(given: Given, _: Tell) -> None:
    options = some(given, "wait_slice_seconds", "release_on_exit")
    if "timeout_ms" in given:
        options["timeout_seconds"] = given["timeout_ms"] / 1000
    token = given.get("token")
    if token is None and "token" in given:
        # Without any, whatever the environment says.
        token = lambda: None  # noqa: E731
    if "token_function" in given:
        token = Tokens(**given["token_function"])
    clients[given["as"]] = OctoStoreClient(given.get("base_url"), token, **options)


def hold(given: Given, tell: Tell) -> object:
    options = some(given, *LEASE, *DEMAND)
    return put(given, client(given).hold(given["name"], **options, **extras(given, tell)))


def hold_all(given: Given, tell: Tell) -> object:
    return put(given, client(given).hold_all(wanted(given), **some(given, *LEASE), **extras(given, tell)))


def extras(given: Given, tell: Tell) -> dict[str, Any]:
    """Give the arguments of handles that are more than values."""

    def on_release_requested(_: LockHandle, request: ReleaseRequest) -> None:
        tell({"event": "release_requested", "of": given["as"], "by": request.by, "message": request.message})

    session = sessions[given["session"]] if "session" in given else None
    return {"session": session, "on_release_requested": on_release_requested}


def put(given: Given, lock: LockHandle) -> object:
    handles[given["as"]] = lock
    return facts_of(lock)


def facts_of(lock: LockHandle) -> dict[str, object]:
    return {"lease_id": lock.lease_id, "fencing_token": lock.fencing_token, "locks": lock.locks}


def wanted(given: Given) -> list[WantedLock]:
    return [WantedLock(**lock) for lock in given["locks"]]


def acquire_all(given: Given, _: Tell) -> object:
    return client(given).acquire_all(wanted(given), **some(given, *ACQUIRE))


def convert(given: Given, _: Tell) -> object:
    lock = handles[given["handle"]]
    lock.convert(given["mode"], given.get("name"))
    return facts_of(lock)


def break_lock(given: Given, _: Tell) -> object:
    return client(given).break_lock(given["name"], **some(given, "reason", "fencing_token"))


def with_lock(given: Given, tell: Tell) -> None:
    block = blocks[given["as"]] = OpenBlock()
    with client(given).hold(given["name"], **some(given, "ttl_seconds", "wait_seconds")):
        tell({"event": "inside", "of": given["as"]})
        block.run()


def end_block(given: Given, _: Tell) -> None:
    blocks[given["block"]].end(given.get("fails"))


def describe_handle(given: Given, _: Tell) -> object:
    lock = handles[given["handle"]]
    return {
        **facts_of(lock),
        "name": lock.name,
        "remaining_ms": milliseconds(lock.remaining_seconds),
        "is_lost": lock.is_lost,
        "proof": lock.proof,
        "release_requested": lock.release_requested,
    }


def await_lost(given: Given, _: Tell) -> object:
    thing = handles[given["handle"]] if "handle" in given else sessions[given["session"]]
    thing.lost.wait(given["timeout_ms"] / 1000)
    return {"is_lost": thing.is_lost, "error": loss_of(thing)}


def loss_of(thing: LockHandle | SessionHandle) -> object:
    """Give what the server has said about the loss."""
    try:
        thing.raise_if_lost()
    except OctoStoreError as loss:
        cause = loss.__cause__
        return error_facts(cause if isinstance(cause, OctoStoreError) else loss)
    return None


def close(given: Given, _: Tell) -> None:
    if "handle" in given:
        handles[given["handle"]].close()
    elif "session" in given:
        sessions[given["session"]].close()
    elif "watch" in given:
        watches[given["watch"]].watch.close()
    else:
        elections[given["election"]].stop()
        elections[given["election"]].join()


def elect(given: Given, tell: Tell) -> None:
    def lead(lock: LockHandle, stop: Signal) -> None:
        tell({"event": "leading", "of": given["as"], "fencing_token": lock.fencing_token})
        if "fails" in given:
            raise ProgramError(given["fails"])
        stop.wait()
        tell({"event": "stopped", "of": given["as"]})

    def ended(error: BaseException | None) -> None:
        facts = None if error is None else error_facts(error)
        tell({"event": "ended", "of": given["as"], "error": facts})

    options = some(given, "ttl_seconds", "wait_slice_seconds")
    elections[given["as"]] = client(given).elect(given["name"], lead, on_ended=ended, **options)


def describe(given: Given, _: Tell) -> object:
    if "handle" in given:
        return str(handles[given["handle"]])
    if "session" in given:
        return str(sessions[given["session"]])
    return str(elections[given["election"]] if "election" in given else client(given))


def open_session(given: Given, _: Tell) -> object:
    session = sessions[given["as"]] = client(given).open_session(**some(given, "ttl_seconds"))
    return {"session_id": session.session_id}


def watch(given: Given, _: Tell) -> None:
    opened: Watch[Any]
    if "prefix" in given:
        opened = client(given).watch_prefix(given["prefix"])
    else:
        opened = client(given).watch(given["name"])
    watches[given["as"]] = OpenWatch(opened)


def next_update(given: Given, _: Tell) -> object:
    try:
        update = watches[given["watch"]].next(given["timeout_ms"] / 1000)
    except futures.TimeoutError:
        return None
    if update is None:
        return {"type": "end"}
    return {"type": update.type, **vars(update.data)}


def create_webhook(given: Given, _: Tell) -> object:
    options = some(given, "secret", "events", "lock_pattern")
    return client(given).webhooks.create(given["url"], **options)


def verify(given: Given, _: Tell) -> None:
    verify_webhook(given["secret"], given["headers"], given["body"], given["now_seconds"])


def rotate_token(given: Given, _: Tell) -> None:
    client(given).rotate_token()


def client(given: Given) -> OctoStoreClient:
    return clients[given["client"]]


def some(given: Given, *names: str) -> dict[str, Any]:
    """Give those of the arguments that are there."""
    return {name: given[name] for name in names if name in given}


def call(
    method: Callable[..., object], *required: str, optional: tuple[str, ...] = ()
) -> Callable[[Given, Tell], object]:
    """Make a request of a method whose arguments are called as in the protocol."""

    def request(given: Given, _: Tell) -> object:
        arguments = (given[name] for name in required)
        return method(client(given), *arguments, **some(given, *optional))

    return request


DEMAND = ("mode", "limit", "permits")
LEASE = (
    "ttl_seconds",
    "wait_seconds",
    "wait_slice_seconds",
    "metadata",
    "proof",
    "lock_delay_seconds",
    "min_hold_seconds",
)
ACQUIRE = (*LEASE, "lease_id", "session_id")

REQUESTS: dict[str, Callable[[Given, Tell], object]] = {
    "client": make_client,
    "health": call(OctoStoreClient.health),
    "status_counters": call(OctoStoreClient.status_counters),
    "acquire": call(OctoStoreClient.acquire, "name", optional=(*ACQUIRE, *DEMAND)),
    "acquire_all": acquire_all,
    "renew": call(OctoStoreClient.renew, "name", "lease_id", "ttl_seconds"),
    "release": call(OctoStoreClient.release, "name", "lease_id"),
    "lock_status": call(OctoStoreClient.lock_status, "name"),
    "list_locks": call(OctoStoreClient.list_locks, optional=("prefix", "owner")),
    "hold": hold,
    "hold_all": hold_all,
    "convert": convert,
    "break": break_lock,
    "request_release": call(OctoStoreClient.request_release, "name", optional=("message",)),
    "queue": call(OctoStoreClient.queue, "name"),
    "leave_queue": call(OctoStoreClient.leave_queue, "name", "lease_id"),
    "advance_fence": lambda given, _: client(given).fences.advance(given["name"], given["fencing_token"]),
    "check_fence": lambda given, _: client(given).fences.check(given["name"], given["fencing_token"]),
    "fence": lambda given, _: client(given).fences.get(given["name"]),
    "handle": describe_handle,
    "await_lost": await_lost,
    "close": close,
    "elect": elect,
    "open_session": open_session,
    "create_session": call(OctoStoreClient.create_session, optional=("ttl_seconds",)),
    "keepalive": call(OctoStoreClient.keepalive, "session_id"),
    "session_status": call(OctoStoreClient.session_status, "session_id"),
    "end_session": call(OctoStoreClient.end_session, "session_id"),
    "watch": watch,
    "next": next_update,
    "create_webhook": create_webhook,
    "list_webhooks": lambda given, _: client(given).webhooks.list(),
    "delete_webhook": lambda given, _: client(given).webhooks.delete(given["webhook_id"]),
    "deliveries": lambda given, _: client(given).webhooks.deliveries(given["webhook_id"]),
    "redeliver": lambda given, _: client(given).webhooks.redeliver(given["webhook_id"], given["delivery_id"]),
    "verify_webhook": verify,
    "rotate_token": rotate_token,
    "describe": describe,
    "with_lock": with_lock,
    "end_block": end_block,
    "rules": lambda _given, _tell: RULES,
}
