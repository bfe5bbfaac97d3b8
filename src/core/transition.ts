import type { Change } from './model/change.js';
import type { AcquireRequest, Wait } from './model/command.js';
import { actorOf, type ReportedEvent } from './model/event.js';
import type { Quotas } from './model/quotas.js';
import type { Lease } from './model/lease.js';
import type { AcquireAnswer, Settlement } from './model/outcome.js';
import type { Session } from './model/session.js';
import { afterSeconds, type Instant } from './model/time.js';
import type { Ticket } from './state/records.js';
import type { ReadableState, State } from './state/state.js';

/** How a lease ends. */
export type LeaseEnd = 'released' | 'expired';

/**
 * One step in progress. The rules read `state` and decide. The transition applies what they decide, and records the changes,
 * events and answers. A command can have several effects: ending a session ends its leases, and each of their locks is handed
 * over. All of them are part of one step.
 */
export class Transition {
  readonly changes: Change[] = [];
  readonly events: ReportedEvent[] = [];
  readonly settlements: Settlement[] = [];
  readonly #state: State;

  constructor(
    state: State,
    readonly now: Instant,
    readonly quotas: Quotas,
  ) {
    this.#state = state;
  }

  /** The state, including the changes that this step has already made. */
  get state(): ReadableState {
    return this.#state;
  }

  grant(request: AcquireRequest): Lease {
    const lease: Lease = {
      leaseId: request.leaseId,
      lockName: request.lockName,
      holder: request.holder,
      fencingToken: this.#state.numbers.nextFencingToken(),
      ttlSeconds: request.ttlSeconds,
      deadline: afterSeconds(this.now, request.ttlSeconds),
      metadata: request.metadata,
    };
    this.#change({ kind: 'lease_granted', lease });
    this.#reportLive('acquired', lease);
    return lease;
  }

  renew(held: Lease, ttlSeconds: number): Lease {
    const lease: Lease = { ...held, ttlSeconds, deadline: afterSeconds(this.now, ttlSeconds) };
    this.#change({ kind: 'lease_extended', lease });
    this.#reportLive('renewed', lease);
    return lease;
  }

  endLease(lease: Lease, how: LeaseEnd): void {
    this.#change({ kind: 'lease_ended', lease });
    this.#reportEnd(how, lease);
  }

  saveSession(session: Session): void {
    this.#change({ kind: 'session_saved', session });
  }

  removeSession(session: Session): void {
    this.#change({ kind: 'session_removed', session });
  }

  /** Adds a request at the end of the queue. */
  enqueue(request: AcquireRequest, { ticketId, seconds }: Wait): void {
    this.#state.enqueue(ticketId, request, afterSeconds(this.now, seconds));
  }

  /** Answers a ticket and puts another request in its place. */
  replaceTicket(
    ticket: Ticket,
    answer: AcquireAnswer,
    request: AcquireRequest,
    { ticketId, seconds }: Wait,
  ): void {
    this.#state.replaceTicket(ticket, ticketId, request, afterSeconds(this.now, seconds));
    this.settlements.push({ ticketId: ticket.ticketId, answer });
  }

  /** Answers a ticket and removes it from its queues. */
  settle(ticket: Ticket, answer: AcquireAnswer): void {
    this.#state.dequeue(ticket);
    this.settlements.push({ ticketId: ticket.ticketId, answer });
  }

  /** Removes a ticket from its queues without an answer. */
  dropTicket(ticket: Ticket): void {
    this.#state.dequeue(ticket);
  }

  #change(change: Change): void {
    this.#state.apply(change);
    this.changes.push(change);
  }

  #reportLive(type: 'acquired' | 'renewed', lease: Lease): void {
    const { lockName, holder, fencingToken, deadline, metadata } = lease;
    this.events.push({
      sequence: this.#state.numbers.nextSequence(),
      at: this.now,
      actor: actorOf(type, holder.userId),
      subject: { kind: 'lock', lockName },
      type,
      body: { holder, fencingToken, metadata, expiresAt: deadline },
    });
  }

  #reportEnd(how: LeaseEnd, { lockName, holder, fencingToken, metadata }: Lease): void {
    this.events.push({
      sequence: this.#state.numbers.nextSequence(),
      at: this.now,
      actor: actorOf(how, holder.userId),
      subject: { kind: 'lock', lockName },
      type: how,
      body: { holder, fencingToken, metadata },
    });
  }
}
