"""The rules by which a double grants locks: those of the server, in their simplest form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ._state import (
    KEPT_PLACE_MS,
    REMEMBERED_MS,
    AcquireRequest,
    Answer,
    Broken,
    Fields,
    Hold,
    Lease,
    Refusal,
    Refused,
    ReleaseRequest,
    Session,
    Ticket,
    Want,
)


class Law:
    """Locks, leases, lines, sessions and fences, and a clock in milliseconds that moves only when told to.

    It is not safe for threads: its callers hold a lock of their own.
    """

    def __init__(self, time_text: Callable[[int], str]) -> None:
        self.now = 0
        self.last_token = 0
        self.leases: list[Lease] = []
        """In the order of their fencing tokens."""
        self.tickets: list[Ticket] = []
        """In the order of arrival."""
        self.sessions: dict[str, Session] = {}
        self.coolings: dict[str, int] = {}
        """Until when no one gets a lock."""
        self.fences: dict[str, int] = {}
        self._broken: list[Broken] = []
        self._release_requests: dict[str, ReleaseRequest] = {}
        self._time_text = time_text

    def advance(self, milliseconds: int) -> None:
        """Move the clock. Everything that is due meanwhile happens at its time."""
        end = self.now + milliseconds
        while (due := min(self._deadlines(), default=end)) < end:
            self.now = due + 1
            self._sweep()
        self.now = end

    def acquire(
        self, request: AcquireRequest, wait_ms: int, answer: Callable[[Answer, bool], None]
    ) -> Ticket | None:
        """Answer an acquire, now or later. Returns the ticket of one that waits."""
        if request.session_id is not None:
            self.own_session(request.session_id, request.user)
        if (lease := self._repeated(request)) is not None:
            answer(lease, False)
            return None
        if (ticket := self._place_of(request)) is not None:
            return self._ask_again(ticket, request, wait_ms, answer)
        broken = self._broken_lease(request.user, request.lease_id, [want.name for want in request.wants])
        if broken is not None:
            raise Refused(self._broken_refusal(broken))
        if self._is_next(request.wants, self.tickets):
            answer(self._grant(request), True)
            return None
        if wait_ms == 0:
            raise Refused(self._conflict(request.wants, self.tickets, None))
        ticket = Ticket(request, self.now, self.now + wait_ms, answer)
        self.tickets.append(ticket)
        return ticket

    def abandon(self, ticket: Ticket) -> None:
        """Note that the client of a ticket is gone. Its place is kept for a while."""
        if ticket in self.tickets and ticket.is_asking:
            ticket.answer = None
            self._keep_place(ticket)
            self._hand_over()

    def leave_line(self, name: str, user: str, lease_id: str) -> None:
        """Give up a place in line."""
        for ticket in self.tickets:
            if self._is_place(ticket, user, lease_id) and ticket.wants(name) is not None:
                self.tickets.remove(ticket)
                ticket.settle(self._conflict(ticket.request.wants, self.tickets, None))
                return self._hand_over()
        raise Refused(Refusal(404, "place_not_found", "You have no place in this line under this lease_id."))

    def own_lease(self, user: str, lease_id: str, name: str | None) -> Lease:
        """Return the user's lease with this id, which holds the lock if one is named."""
        own = [lease for lease in self.leases if (lease.user, lease.lease_id) == (user, lease_id)]
        named = [lease for lease in own if name is None or lease.on(name) is not None]
        if len(named) > 1:
            raise Refused(Refusal(409, "ambiguous_lease_id", "You hold several leases with this lease_id."))
        if named:
            return named[0]
        broken = self._broken_lease(user, lease_id, None if name is None else [name])
        if broken is not None:
            raise Refused(self._broken_refusal(broken))
        raise Refused(lock_not_found("You do not hold this lock under this lease."))

    def renew(self, lease: Lease, ttl_ms: int) -> ReleaseRequest | None:
        """Renew a lease. Returns the latest request to release one of its locks."""
        lease.ttl_ms = ttl_ms
        lease.deadline = self.now + ttl_ms
        requests = [self._release_requests.get(name) for name in lease.names]
        for_lease = [one for one in requests if one is not None and lease.token <= one.through]
        return max(for_lease, key=lambda one: one.at, default=None)

    def release(self, lease: Lease) -> None:
        """Release a lease."""
        self._end(lease, lease.kept_until)

    def convert(self, lease: Lease, name: str, mode: str) -> None:
        """Hold a lock of a lease in another mode."""
        hold = lease.on(name)
        if hold is None or hold.mode == mode:
            return
        if hold.mode == "counted":
            raise Refused(Refusal(422, "validation_failed", "A counted lock has no other mode."))
        others = [other for other in self.holders(name) if other is not lease]
        if mode == "exclusive" and others:
            raise Refused(self._held(name, others[0]))
        lease.hold_as(name, mode)
        if mode == "exclusive":
            self.last_token += 1
            lease.token = self.last_token
            self.leases.remove(lease)
            self.leases.append(lease)
        self._hand_over()

    def request_release(self, name: str, user: str, message: str | None) -> None:
        """Ask the holders of a lock to release it."""
        holders = self.holders(name)
        if not holders:
            raise Refused(lock_not_found("No lease holds this lock, so there is no one to ask."))
        self._release_requests[name] = ReleaseRequest(user, message, self.now, holders[-1].token)

    def break_lock(self, name: str, reason: str, only_token: int | None) -> tuple[list[Lease], bool]:
        """End leases of a lock. Returns them, and whether it has ended a delay instead."""
        leases = [lease for lease in self.holders(name) if only_token in (None, lease.token)]
        for lease in leases:
            self._broken.append(Broken(replace(lease), reason, self.now))
            self._end(lease, self.now + lease.lock_delay_ms)
        if leases:
            return leases, False
        if only_token is None and self.coolings.pop(name, None) is not None:
            self._hand_over()
            return [], True
        raise Refused(lock_not_found("No lease holds this lock, so there is nothing to break."))

    def open_session(self, session: Session) -> None:
        """Open a session."""
        self.sessions[session.session_id] = session

    def own_session(self, session_id: str, user: str) -> Session:
        """Return a session of the user that is alive."""
        session = self.sessions.get(session_id)
        if session is None or session.user != user:
            raise Refused(Refusal(404, "session_not_found", "You have no such session."))
        if not session.is_alive:
            raise Refused(Refusal(410, "session_expired", "The session has expired. Open a new one."))
        return session

    def end_session(self, session: Session) -> None:
        """End a session with its leases and its places in line."""
        del self.sessions[session.session_id]
        self._end_all_of(session, session_not_found_answer(), None)

    def holders(self, name: str) -> list[Lease]:
        """Return the leases that hold a lock, in the order of their tokens."""
        return [lease for lease in self.leases if lease.on(name) is not None]

    def line(self, name: str) -> list[Ticket]:
        """Return the places in the line of a lock, in the order of arrival."""
        return [ticket for ticket in self.tickets if ticket.wants(name) is not None]

    def waiters(self, name: str) -> int:
        """Count the requests that wait for a lock now."""
        return sum(ticket.is_asking for ticket in self.line(name))

    def broken_of(self, user: str, lease_id: str) -> Refusal | None:
        """Return why a lease was broken, if it was."""
        broken = self._broken_lease(user, lease_id, None)
        return None if broken is None else self._broken_refusal(broken)

    # What is due.

    def _deadlines(self) -> Iterator[int]:
        yield from (lease.deadline for lease in self.leases)
        yield from (ticket.deadline for ticket in self.tickets)
        yield from (session.deadline for session in self.sessions.values())
        yield from self.coolings.values()

    def _sweep(self) -> None:
        for session in [one for one in self.sessions.values() if one.deadline < self.now]:
            self._expire_session(session)
        for lease in [one for one in self.leases if one.deadline < self.now]:
            self._expire(lease, lease.deadline)
        for name in [name for name, until in self.coolings.items() if until < self.now]:
            del self.coolings[name]
        self._hand_over()
        for ticket in [one for one in self.tickets if one.deadline < self.now]:
            self._end_wait(ticket)
        self._hand_over()

    def _expire_session(self, session: Session) -> None:
        if not session.is_alive:
            del self.sessions[session.session_id]
            return
        end = session.deadline
        session.is_alive = False
        session.deadline = end + REMEMBERED_MS
        self._end_all_of(session, Refusal(410, "session_expired", "The session has expired."), end)

    def _end_all_of(self, session: Session, answer: Refusal, expired_at: int | None) -> None:
        """End what a session has. Its leases have expired at a given time, or else are released."""
        for ticket in [one for one in self.tickets if one.request.session_id == session.session_id]:
            self.tickets.remove(ticket)
            ticket.settle(answer)
        for lease in [one for one in self.leases if one.session_id == session.session_id]:
            if expired_at is None:
                self._end(lease, lease.kept_until)
            else:
                self._expire(lease, min(expired_at, lease.deadline))
        self._hand_over()

    def _expire(self, lease: Lease, at: int) -> None:
        self._end(lease, max(at + lease.lock_delay_ms, lease.kept_until))

    def _end(self, lease: Lease, cools_until: int) -> None:
        self.leases.remove(lease)
        for hold in lease.holds:
            if hold.mode == "exclusive" and cools_until > self.now:
                self.coolings[hold.name] = cools_until
            if not self.holders(hold.name):
                self._release_requests.pop(hold.name, None)
        self._hand_over()

    def _end_wait(self, ticket: Ticket) -> None:
        if ticket not in self.tickets:
            return
        if not ticket.is_asking:
            self.tickets.remove(ticket)
            return
        answer, ticket.answer = ticket.answer, None
        self._keep_place(ticket)
        assert answer is not None
        answer(self._conflict(ticket.request.wants, self._before(ticket), ticket), False)

    def _keep_place(self, ticket: Ticket) -> None:
        """Keep it if its client can ask for it again, which takes a lease id that it knows."""
        if ticket.request.is_id_chosen:
            ticket.deadline = self.now + KEPT_PLACE_MS
        else:
            self.tickets.remove(ticket)

    # Who gets what.

    def _hand_over(self) -> None:
        while (ticket := next(filter(self._can_be_served, self.tickets), None)) is not None:
            self.tickets.remove(ticket)
            ticket.settle(self._grant(ticket.request))

    def _can_be_served(self, ticket: Ticket) -> bool:
        return ticket.is_asking and self._is_next(ticket.request.wants, self._before(ticket))

    def _before(self, ticket: Ticket) -> list[Ticket]:
        return self.tickets[: self.tickets.index(ticket)] if ticket in self.tickets else self.tickets

    def _is_next(self, wants: Iterable[Want], before: list[Ticket]) -> bool:
        return all(self._fits(want) and not self._is_asked_for(want.name, before) for want in wants)

    def _is_asked_for(self, name: str, tickets: list[Ticket]) -> bool:
        return any(ticket.is_asking and ticket.wants(name) is not None for ticket in tickets)

    def _fits(self, want: Want) -> bool:
        if want.name in self.coolings:
            return False
        holds = self._holds_of(want.name)
        if not holds or want.mode == "exclusive":
            return not holds
        if holds[0].mode != want.mode or holds[0].limit != want.limit:
            return False
        return want.mode == "shared" or len(self._free_slots(want)) >= want.permits

    def _holds_of(self, name: str) -> list[Hold]:
        return [hold for lease in self.leases for hold in lease.holds if hold.name == name]

    def _free_slots(self, want: Want) -> list[int]:
        taken = {slot for hold in self._holds_of(want.name) for slot in hold.slots}
        return [slot for slot in range(want.limit) if slot not in taken]

    def _grant(self, request: AcquireRequest) -> Lease:
        self.last_token += 1
        lease = Lease(
            lease_id=request.lease_id,
            user=request.user,
            session_id=request.session_id,
            token=self.last_token,
            ttl_ms=request.ttl_ms,
            deadline=self.now + request.ttl_ms,
            metadata=request.metadata,
            holds=tuple(self._hold(want) for want in request.wants),
            lock_delay_ms=request.lock_delay_ms,
            kept_until=self.now + request.min_hold_ms,
        )
        self.leases.append(lease)
        return lease

    def _hold(self, want: Want) -> Hold:
        slots = tuple(self._free_slots(want)[: want.permits]) if want.mode == "counted" else ()
        return Hold(want.name, want.mode, want.limit, slots)

    # Repeats.

    def _repeated(self, request: AcquireRequest) -> Lease | None:
        """Return the lease that the request asks for again."""
        names = [want.name for want in request.wants]
        for lease in self.leases:
            if lease.user != request.user or not set(names) & set(lease.names):
                continue
            is_same = _is_same(request, lease.session_id, [hold.want for hold in lease.holds])
            if not request.is_id_chosen and is_same:
                return lease
            if request.is_id_chosen and lease.lease_id == request.lease_id:
                if is_same:
                    return lease
                raise Refused(_mismatch())
        return None

    def _place_of(self, request: AcquireRequest) -> Ticket | None:
        """Return the place in line that the request asks for again."""
        for ticket in self.tickets:
            if not request.is_id_chosen or not self._is_place(ticket, request.user, request.lease_id):
                continue
            if not any(ticket.wants(want.name) is not None for want in request.wants):
                continue
            if _is_same(request, ticket.request.session_id, ticket.request.wants):
                return ticket
            raise Refused(_mismatch())
        return None

    def _is_place(self, ticket: Ticket, user: str, lease_id: str) -> bool:
        request = ticket.request
        return request.is_id_chosen and (request.user, request.lease_id) == (user, lease_id)

    def _ask_again(
        self, ticket: Ticket, request: AcquireRequest, wait_ms: int, answer: Callable[[Answer, bool], None]
    ) -> Ticket | None:
        before = self._before(ticket)
        if not ticket.is_asking and self._is_next(request.wants, before):
            self.tickets.remove(ticket)
            answer(self._grant(request), True)
            return None
        refusal = self._conflict(request.wants, before, ticket)
        if wait_ms == 0:
            if not ticket.is_asking:
                self._keep_place(ticket)
            raise Refused(refusal)
        ticket.settle(refusal)
        ticket.request, ticket.deadline, ticket.answer = request, self.now + wait_ms, answer
        return ticket

    # Refusals.

    def _conflict(self, wants: Iterable[Want], before: list[Ticket], ticket: Ticket | None) -> Refusal:
        """Refuse a request because of the first lock that it cannot have."""
        wanted = list(wants)
        blocked = [w for w in wanted if not self._fits(w) or self._is_asked_for(w.name, before)]
        want = (blocked or wanted)[0]
        refusal = self._mismatch_of_limits(want, self._kept_by(want, before))
        if ticket is None:
            return refusal
        line = [other for other in before if other.is_asking and other.wants(want.name) is not None]
        place: Fields = {"position": len(line) + 1, "waiters": self.waiters(want.name)}
        return replace(refusal, fields={**refusal.fields, **place})

    def _kept_by(self, want: Want, before: list[Ticket]) -> Refusal:
        holders = self.holders(want.name)
        if holders and not self._fits(want):
            return self._held(want.name, holders[0])
        if want.name in self.coolings:
            error = "No lease holds the lock, but no one can have it for a short time."
            return self._kept(want.name, "delayed", error, self.coolings[want.name])
        asking = (one.deadline for one in before if one.is_asking and one.wants(want.name) is not None)
        error = "The lock is kept for clients that asked for it earlier."
        return self._kept(want.name, "queued", error, next(asking, self.now))

    def _held(self, name: str, lease: Lease) -> Refusal:
        session = None if lease.session_id is None else self.sessions.get(lease.session_id)
        end = lease.deadline if session is None else min(lease.deadline, session.deadline)
        expires_at = self._time_text(lease.deadline)
        fields: Fields = {
            "lock": {"name": name, "holder": lease.user, "expires_at": expires_at},
            "status": "held",
            "holder_id": lease.user,
            "expires_at": expires_at,
            "metadata": lease.metadata,
            "retry_after_ms": max(0, end - self.now),
        }
        return Refusal(409, "lock_held", "The lock is already held.", fields)

    def _kept(self, name: str, status: str, error: str, until: int) -> Refusal:
        expires_at = self._time_text(until)
        fields: Fields = {
            "lock": {"name": name, "holder": None, "expires_at": expires_at},
            "status": status,
            "holder_id": None,
            "expires_at": expires_at,
            "metadata": None,
            "retry_after_ms": max(0, until - self.now),
        }
        return Refusal(409, f"lock_{status}", error, fields)

    def _mismatch_of_limits(self, want: Want, refusal: Refusal) -> Refusal:
        limits = [hold.limit for hold in self._holds_of(want.name)]
        if not limits:
            wanted = (one.wants(want.name) for one in self.tickets if one.is_asking)
            limits = [other.limit for other in wanted if other is not None]
        if want.mode != "counted" or not limits or limits[0] in (0, want.limit):
            return refusal
        error = "The lock is in use with another limit."
        return Refusal(409, "limit_mismatch", error, {**refusal.fields, "limit": limits[0]})

    def _broken_lease(self, user: str, lease_id: str, names: list[str] | None) -> Broken | None:
        for broken in reversed(self._broken):
            if broken.at + REMEMBERED_MS < self.now:
                return None
            lease = broken.lease
            is_named = names is None or set(names) & set(lease.names)
            if (lease.user, lease.lease_id) == (user, lease_id) and is_named:
                return broken
        return None

    def _broken_refusal(self, broken: Broken) -> Refusal:
        at = self._time_text(broken.at)
        fields: Fields = {"reason": broken.reason, "broken_by": "administrator", "broken_at": at}
        return Refusal(410, "lease_broken", "An operator has ended your lease.", fields)


def lock_not_found(error: str) -> Refusal:
    """Refuse because there is no such lease."""
    return Refusal(404, "lock_not_found", error)


def session_not_found_answer() -> Refusal:
    """Refuse because a session has ended."""
    return Refusal(404, "session_not_found", "You have no such session.")


def _mismatch() -> Refusal:
    return Refusal(409, "lease_mismatch", "You already use this lease_id for something else.")


def _is_same(request: AcquireRequest, session_id: str | None, wants: Iterable[Want]) -> bool:
    return request.session_id == session_id and set(request.wants) == set(wants)
