import type { Change } from '../model/change.js';
import type { AcquireRequest } from '../model/command.js';
import type { Arrival, FencingToken, Sequence, TicketId } from '../model/ids.js';
import type { Holder, Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import type { ReleaseRequest } from '../model/release-request.js';
import type { Session } from '../model/session.js';
import type { Instant } from '../model/time.js';
import { Numbers } from './numbers.js';
import type { Lock, SessionRecord, Ticket } from './records.js';
import { StateReads } from './state-reads.js';

/** A ticket that joins the line. */
export interface NewTicket {
  readonly ticketId: TicketId;
  readonly request: AcquireRequest;
  readonly arrival: Arrival;
  readonly since: Instant;
  readonly deadline: Instant;
  readonly isAsking: boolean;
}

/**
 * Locks, leases, sessions and tickets, with the indexes that keep the cost of each operation independent of their number.
 * Durable state changes only through `apply`. Tickets and requests to release, which end with the term, change through the
 * methods below it.
 */
export class State extends StateReads {
  #lastArrival = 0;

  constructor(lastFencingToken = 0 as FencingToken, lastSequence = 0 as Sequence) {
    super(new Numbers(lastFencingToken, lastSequence));
  }

  get numbers(): Numbers {
    return this.counters;
  }

  /** Applies one durable change and updates every index. */
  apply(change: Change): void {
    switch (change.kind) {
      case 'lease_granted':
        return this.#addLease(change.lease);
      case 'lease_extended':
        return this.#replaceLease(change.lease);
      case 'lease_converted':
        return this.#convertLease(change.from, change.to);
      case 'lease_ended':
        return this.#removeLease(change.lease);
      case 'session_saved':
        return this.#saveSession(change.session);
      case 'session_removed':
        return this.due.remove(this.sessions.remove(change.session));
      case 'cooling_began':
        return this.due.add(this.locks.beginCooling(change.cooling));
      case 'cooling_ended':
        return this.due.remove(this.locks.endCooling(change.cooling));
      case 'broken_lease_saved':
        return this.due.add(this.brokenLeases.add(change.broken));
      case 'broken_lease_forgotten':
        return this.due.remove(this.brokenLeases.remove(change.broken));
      case 'fence_saved':
        return this.fences.save(change.fence);
      case 'fence_removed':
        return this.fences.remove(change.fence);
      default:
        return unreachable(change);
    }
  }

  /** An equal holder, which other leases already have if possible. */
  sharedHolder(holder: Holder): Holder {
    return this.locks.sharedHolder(holder);
  }

  nextArrival(): Arrival {
    this.#lastArrival += 1;
    return this.#lastArrival as Arrival;
  }

  /** Adds a ticket to the line of each lock that it asks for, at its place in the order of arrival. */
  enqueue(given: NewTicket): Ticket {
    const ticket: Ticket = { kind: 'ticket', ...given, heapIndex: -1, places: [] };
    this.locks.join(ticket);
    this.tickets.add(ticket);
    this.#sessionOf(ticket.request)?.tickets.add(ticket);
    this.due.add(ticket);
    return ticket;
  }

  dequeue(ticket: Ticket): void {
    this.locks.leave(ticket);
    this.tickets.delete(ticket);
    this.#sessionOf(ticket.request)?.tickets.delete(ticket);
    this.due.remove(ticket);
  }

  /** No client is waiting for the ticket's answer now. Its place is kept until `deadline`. */
  keepSilent(ticket: Ticket, deadline: Instant): void {
    if (ticket.isAsking) this.locks.fallSilent(ticket);
    this.tickets.addSilent(ticket);
    ticket.deadline = deadline;
    this.due.reorder(ticket);
  }

  /** Remembers the request for as long as the lock is held. */
  requestRelease(lockName: LockName, request: ReleaseRequest): void {
    this.locks.requestRelease(lockName, request);
  }

  /** Remembers that the lock may have more tickets to serve. */
  postpone({ name }: Lock): void {
    this.unfinished.add(name);
  }

  /** Returns the locks that were remembered, and forgets them. */
  takeUnfinished(): Lock[] {
    const locks = Array.from(this.unfinished, (name) => this.lock(name));
    this.unfinished.clear();
    return locks.filter((lock) => lock !== null);
  }

  #addLease(lease: Lease): void {
    const record = this.locks.add(lease);
    this.due.add(record);
    this.#sessionOf(lease)?.leases.add(record);
  }

  #replaceLease(lease: Lease): void {
    const record = this.locks.recordOf(lease);
    record.lease = lease;
    this.due.reorder(record);
  }

  /** With another token, the lease is a new one to everyone who orders leases by their tokens. */
  #convertLease(from: Lease, to: Lease): void {
    if (from.fencingToken === to.fencingToken) return this.#replaceLease(to);
    this.#removeLease(from);
    this.#addLease(to);
  }

  #removeLease(lease: Lease): void {
    const record = this.locks.remove(lease);
    this.due.remove(record);
    this.#sessionOf(lease)?.leases.delete(record);
  }

  #saveSession(session: Session): void {
    const known = this.sessions.record(session.sessionId);
    if (known === undefined) return this.due.add(this.sessions.add(session));
    this.sessions.replace(known, session);
    this.due.reorder(known);
  }

  #sessionOf({ holder }: Lease | AcquireRequest): SessionRecord | undefined {
    return holder.sessionId === null ? undefined : this.sessions.record(holder.sessionId);
  }
}

function unreachable(value: never): never {
  throw new Error(`unexpected change: ${JSON.stringify(value)}`);
}
