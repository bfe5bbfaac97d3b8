import type { Change } from './model/change.js';
import type { AcquireRequest, KeptPlace, Wait } from './model/command.js';
import { EXCLUSIVE, type Demand, type HeldLock, type Hold, type Want } from './model/demand.js';
import { actorOf, type LockEventType, type ReportedEvent } from './model/event.js';
import type { Fence } from './model/fence.js';
import type { Arrival } from './model/ids.js';
import { USUAL_TERMS, type Lease, type LeaseTerms } from './model/lease.js';
import { GRANTS_PER_STEP_MAX, KEPT_PLACE_SECONDS } from './model/limits.js';
import type { LockName } from './model/lock-name.js';
import type { AcquireAnswer, Settlement } from './model/outcome.js';
import type { Quotas } from './model/quotas.js';
import type { Session } from './model/session.js';
import { afterSeconds, type Instant } from './model/time.js';
import type { Lock, Ticket } from './state/records.js';
import type { State } from './state/state.js';
import type { StateReads } from './state/state-reads.js';

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
  /** How many more tickets this step may serve. */
  #servesLeft = GRANTS_PER_STEP_MAX;

  constructor(
    state: State,
    readonly now: Instant,
    readonly quotas: Quotas,
  ) {
    this.#state = state;
  }

  /** The state, including the changes that this step has already made. */
  get state(): StateReads {
    return this.#state;
  }

  grant(request: AcquireRequest): Lease {
    const lease: Lease = {
      leaseId: request.leaseId,
      lockName: request.wants[0].lockName,
      holder: this.#state.sharedHolder(request.holder),
      fencingToken: this.#state.numbers.nextFencingToken(),
      ttlSeconds: request.ttlSeconds,
      deadline: afterSeconds(this.now, request.ttlSeconds),
      metadata: request.metadata,
      terms: this.#termsFor(request.wants),
    };
    this.#change({ kind: 'lease_granted', lease });
    this.#report('acquired', lease);
    return lease;
  }

  renew(held: Lease, ttlSeconds: number): Lease {
    const lease: Lease = { ...held, ttlSeconds, deadline: afterSeconds(this.now, ttlSeconds) };
    this.#change({ kind: 'lease_extended', lease });
    this.#report('renewed', lease);
    return lease;
  }

  endLease(lease: Lease, how: LeaseEnd): void {
    this.#change({ kind: 'lease_ended', lease });
    this.#report(how, lease);
  }

  saveSession(session: Session): void {
    this.#change({ kind: 'session_saved', session });
  }

  removeSession(session: Session): void {
    this.#change({ kind: 'session_removed', session });
  }

  saveFence(fence: Fence): void {
    this.#change({ kind: 'fence_saved', fence });
  }

  removeFence(fence: Fence): void {
    this.#change({ kind: 'fence_removed', fence });
  }

  /** Adds a request at the end of the line. */
  enqueue(request: AcquireRequest, wait: Wait): void {
    this.#ask(request, wait, { arrival: this.#state.nextArrival(), since: this.now });
  }

  /** Puts another request in the place of a ticket, which gets no answer. */
  replaceTicket(earlier: Ticket, request: AcquireRequest, wait: Wait): void {
    this.#state.dequeue(earlier);
    this.#ask(request, wait, earlier);
  }

  /** Puts a request back in its place in line, where no one is asking for it. */
  restorePlace(place: KeptPlace): void {
    this.#state.enqueue({ ...place, since: this.now, deadline: this.#silentDeadline, isAsking: false });
  }

  /** Keeps the ticket's place, from now on, while no one is asking for it. */
  keepSilent(ticket: Ticket): void {
    this.#state.keepSilent(ticket, this.#silentDeadline);
  }

  /** Removes a ticket from its lines. */
  dropTicket(ticket: Ticket): void {
    this.#state.dequeue(ticket);
  }

  answer({ ticketId, arrival }: Ticket, answer: AcquireAnswer): void {
    this.settlements.push({ ticketId, arrival, answer });
  }

  /** Whether this step may serve another ticket. If not, it remembers the lock for the next step. */
  mayServe(lock: Lock): boolean {
    if (this.#servesLeft > 0) {
      this.#servesLeft -= 1;
      return true;
    }
    this.#state.postpone(lock);
    return false;
  }

  /** The locks that earlier steps remembered. */
  takeUnfinished(): Lock[] {
    return this.#state.takeUnfinished();
  }

  get #silentDeadline(): Instant {
    return afterSeconds(this.now, KEPT_PLACE_SECONDS);
  }

  #ask(
    request: AcquireRequest,
    { ticketId, seconds }: Wait,
    { arrival, since }: { arrival: Arrival; since: Instant },
  ): void {
    const deadline = afterSeconds(this.now, seconds);
    this.#state.enqueue({ ticketId, request, arrival, since, deadline, isAsking: true });
  }

  #termsFor([{ lockName, demand }, ...others]: readonly [Want, ...Want[]]): LeaseTerms {
    if (demand.mode === 'exclusive' && others.length === 0) return USUAL_TERMS;
    const held = others.map((want): HeldLock => {
      return { lockName: want.lockName, hold: this.#holdFor(want.lockName, want.demand) };
    });
    return { hold: this.#holdFor(lockName, demand), others: held };
  }

  #holdFor(lockName: LockName, demand: Demand): Hold {
    if (demand.mode !== 'counted') return demand.mode === 'exclusive' ? EXCLUSIVE : demand;
    const { mode, limit, permits } = demand;
    const slots = this.state.lock(lockName)?.slots ?? null;
    return {
      mode,
      limit,
      slots: slots?.lowest(permits) ?? Array.from({ length: permits }, (_, slot) => slot),
    };
  }

  #change(change: Change): void {
    this.#state.apply(change);
    this.changes.push(change);
  }

  /** One event for each lock of the lease. */
  #report(type: LockEventType, lease: Lease): void {
    const { lockName, terms } = lease;
    const leaseLocks = [lockName, ...terms.others.map((held) => held.lockName)];
    this.#reportOne(type, lease, lockName, terms.hold, leaseLocks);
    for (const other of terms.others) this.#reportOne(type, lease, other.lockName, other.hold, leaseLocks);
  }

  // It is called for every grant, so it creates each object in one piece.
  #reportOne(
    type: LockEventType,
    { holder, fencingToken, metadata, deadline }: Lease,
    lockName: LockName,
    hold: Hold,
    leaseLocks: readonly LockName[],
  ): void {
    const sequence = this.#state.numbers.nextSequence();
    const at = this.now;
    const actor = actorOf(type, holder.userId);
    const subject = { kind: 'lock', lockName } as const;
    if (type === 'acquired' || type === 'renewed') {
      const body = { holder, fencingToken, metadata, hold, leaseLocks, expiresAt: deadline };
      this.events.push({ sequence, at, actor, subject, type, body });
    } else {
      const body = { holder, fencingToken, metadata, hold, leaseLocks };
      this.events.push({ sequence, at, actor, subject, type, body });
    }
  }
}
