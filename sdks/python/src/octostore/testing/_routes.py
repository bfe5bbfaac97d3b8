"""Answers the requests of the API."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from ._body import Body, invalid, lock_name
from ._law import Law
from ._present import SHOWN_MAX, Presenter
from ._state import AcquireRequest, Fields, Lease, Refusal, Refused, Session


@dataclass(frozen=True)
class Asked:
    """A request whose sender is known."""

    user: str
    is_admin: bool
    body: Body
    query: dict[str, str]
    acquire: Callable[[AcquireRequest, int], tuple[Lease, bool]]
    """Acquires a lease, which may take a while. Returns it, and whether it is new."""


Reply = tuple[int, Fields | None]
"""The status and the body of a response."""


class Routes:
    """Has a method for each route. They raise `Refused`."""

    def __init__(self, law: Law, present: Presenter) -> None:
        self._law = law
        self._present = present

    def answer(self, method: str, path: list[str], asked: Asked) -> Reply:
        """Answer a request."""
        if asked.body.wants_proof():
            not_in_double("a lease with a proof")
        resource, *rest = path
        handlers = {
            "locks": self._of_locks,
            "leases": self._of_leases,
            "queues": self._of_queues,
            "sessions": self._of_sessions,
            "fences": self._of_fences,
        }
        return handlers.get(resource, partial(_nothing_at, resource))(method, rest, asked)

    def _of_locks(self, method: str, path: list[str], asked: Asked) -> Reply:
        match [method, *path]:
            case ["GET"]:
                return self._list(asked)
            case ["GET", name]:
                return 200, self._present.status(lock_name(name), asked.user)
            case ["POST", name, verb]:
                handlers = {
                    "acquire": self._acquire,
                    "renew": self._renew,
                    "release": self._release,
                    "convert": self._convert,
                    "request-release": self._request_release,
                    "break": self._break,
                }
                if verb in handlers:
                    return 200, handlers[verb](lock_name(name), asked)
        return _nothing_at("locks", method, path, asked)

    def _acquire(self, name: str, asked: Asked) -> Fields:
        body = asked.body
        lease, is_new = self._acquired(asked, body.acquire_request((body.want(name),), asked.user))
        return self._present.lease(lease, name, is_new=is_new)

    def _renew(self, name: str, asked: Asked) -> Fields:
        lease = self._law.own_lease(asked.user, asked.body.lease_id(), name)
        request = self._present.release_request(self._law.renew(lease, asked.body.ttl_ms()))
        return {**self._present.lease(lease, name, is_new=False), **request}

    def _release(self, name: str, asked: Asked) -> Fields:
        self._law.release(self._law.own_lease(asked.user, asked.body.lease_id(), name))
        return {"status": "released", "message": "Lock released"}

    def _convert(self, name: str, asked: Asked) -> Fields:
        lease = self._law.own_lease(asked.user, asked.body.lease_id(), name)
        self._law.convert(lease, name, asked.body.mode())
        return self._present.lease(lease, name, is_new=False)

    def _request_release(self, name: str, asked: Asked) -> Fields:
        self._law.request_release(name, asked.user, asked.body.text("message", 256))
        message = "The holders learn of it when they next renew"
        return {"status": "release_requested", "message": message}

    def _of_queues(self, method: str, path: list[str], asked: Asked) -> Reply:
        match [method, *path]:
            case ["GET", name]:
                return self._queue(lock_name(name), asked)
            case ["DELETE", name, lease_id]:
                self._law.leave_line(lock_name(name), asked.user, lease_id.lower())
                return 200, {"status": "left", "message": "You left the line"}
        return _nothing_at("queues", method, path, asked)

    def _break(self, name: str, asked: Asked) -> Fields:
        if not asked.is_admin:
            raise Refused(Refusal(403, "admin_required", "Only administrators may do this."))
        token = asked.body.integer("fencing_token", range(1, 2**53), 0) or None
        reason = asked.body.text("reason", 256) or ""
        leases, ended_delay = self._law.break_lock(name, reason, token)
        return {
            "status": "broken",
            "name": name,
            "lease_count": len(leases),
            "fencing_tokens": [lease.token for lease in leases],
            "ended_delay": ended_delay,
        }

    def _list(self, asked: Asked) -> Reply:
        prefix = asked.query.get("prefix")
        is_own = asked.query.get("owner") == "me"
        held = [
            (name, lease)
            for lease in self._law.leases
            for name in lease.names
            if name.startswith(prefix or "") and (lease.user == asked.user or not is_own)
        ]
        held.sort(key=lambda one: (one[0], one[1].token))
        locks = [self._present.listed(lease, name, asked.user) for name, lease in held]
        return 200, {"locks": locks, "total": len(locks), "prefix": prefix, "next_cursor": None}

    def _queue(self, name: str, asked: Asked) -> Reply:
        line = self._law.line(name)
        places = [
            self._present.place(ticket, name, line[:at], asked.user)
            for at, ticket in enumerate(line[:SHOWN_MAX])
        ]
        waiters = self._law.waiters(name)
        return 200, {"name": name, "waiters": waiters, "total": len(line), "queue": places}

    def _of_leases(self, method: str, path: list[str], asked: Asked) -> Reply:
        user, body = asked.user, asked.body
        match [method, *path]:
            case ["POST"]:
                lease, is_new = self._acquired(asked, body.acquire_request(body.wants(), user))
                return 200, self._present.whole_lease(lease, is_new=is_new)
            case ["GET", lease_id]:
                lease = self._law.own_lease(user, lease_id.lower(), None)
                return 200, self._present.whole_lease(lease, is_new=False)
            case ["POST", lease_id, "renew"]:
                lease = self._law.own_lease(user, lease_id.lower(), None)
                request = self._present.release_request(self._law.renew(lease, body.ttl_ms()))
                return 200, {**self._present.whole_lease(lease, is_new=False), **request}
            case ["DELETE", lease_id]:
                self._law.release(self._law.own_lease(user, lease_id.lower(), None))
                return 200, {"status": "released", "message": "Lease released"}
        return _nothing_at("leases", method, path, asked)

    def _of_sessions(self, method: str, path: list[str], asked: Asked) -> Reply:
        match [method, *path]:
            case ["POST"]:
                return self._open_session(asked)
            case ["POST", session_id, "keepalive"]:
                session = self._law.own_session(session_id, asked.user)
                session.deadline = self._law.now + session.ttl_ms
                return 200, self._present.session(session)
            case ["GET", session_id]:
                session = self._law.own_session(session_id, asked.user)
                count = sum(lease.session_id == session_id for lease in self._law.leases)
                more: Fields = {"user_id": session.user, "lock_count": count, "active": True}
                return 200, {**self._present.session(session), **more}
            case ["DELETE", session_id]:
                self._law.end_session(self._law.own_session(session_id, asked.user))
                return 204, None
        return _nothing_at("sessions", method, path, asked)

    def _open_session(self, asked: Asked) -> Reply:
        ttl_ms = asked.body.session_ttl_ms()
        session = Session(str(uuid.uuid4()), asked.user, ttl_ms, self._law.now + ttl_ms)
        self._law.open_session(session)
        return 201, {**self._present.session(session), "keepalive_interval_secs": ttl_ms // 2000}

    def _of_fences(self, method: str, path: list[str], asked: Asked) -> Reply:
        name = lock_name(path[0] if path else "")
        highest = self._law.fences.get(name, 0)
        match [method, *path[1:]]:
            case ["GET"]:
                return 200, {"name": name, "highest": highest}
            case ["POST", "check"]:
                self._check_token(asked.body.fencing_token(), highest)
                return 200, {"name": name, "highest": highest}
            case ["POST", "advance"]:
                token = asked.body.fencing_token()
                self._check_token(token, highest)
                self._law.fences[name] = token
                return 200, {"name": name, "highest": token}
        return _nothing_at("fences", method, path, asked)

    def _check_token(self, token: int, highest: int) -> None:
        if token > self._law.last_token:
            last = self._law.last_token
            raise invalid(f"fencing_token must be a token that was issued. The last one is {last}.")
        if token < highest:
            error = "The fence has seen a higher fencing token."
            raise Refused(Refusal(409, "stale_fencing_token", error, {"highest": highest}))

    def _acquired(self, asked: Asked, request: AcquireRequest) -> tuple[Lease, bool]:
        return asked.acquire(request, asked.body.wait_ms())


_LEFT_OUT = {"watch", "webhooks", "admin", "auth", "status", "metrics", "policy.schema.json", ".well-known"}


def _nothing_at(resource: str, method: str, path: list[str], _: Asked) -> NoReturn:
    if resource in _LEFT_OUT or path[1:] == ["watch"]:
        not_in_double(f"{method} /{'/'.join([resource, *path])}")
    raise Refused(Refusal(404, "route_not_found", "There is nothing at this address."))


def not_in_double(what: str) -> NoReturn:
    """Refuse what a double leaves out. The client does not retry it."""
    error = f'The test double does not answer "{what}". Test this against a real server.'
    raise Refused(Refusal(501, "not_in_double", error))
