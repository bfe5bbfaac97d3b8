import type { BrokenLease } from './model/broken-lease.js';
import type { Change } from './model/change.js';
import type { AcquireRequest, KeptPlace, RequestRelease, Wait, Warn } from './model/command.js';
import { NO_COOLING, type Cooling } from './model/cooling.js';
import { EXCLUSIVE, type Demand, type HeldLock, type Hold } from './model/demand.js';
import type { ReportedEvent } from './model/event.js';
import type { Fence } from './model/fence.js';
import type { Arrival, UserId } from './model/ids.js';
import {
  leaseTerms,
  lockNamesOf,
  termsWithHold,
  USUAL_TERMS,
  type Lease,
  type LeaseTerms,
} from './model/lease.js';
import { GRANTS_PER_STEP_MAX, KEPT_PLACE_SECONDS } from './model/limits.js';
import type { LockName } from './model/lock-name.js';
import type { AcquireAnswer, Settlement } from './model/outcome.js';
import type { Quotas } from './model/quotas.js';
import type { Session } from './model/session.js';
import { afterSeconds, type Instant } from './model/time.js';
import { Reports } from './reports.js';
import type { Lock, Ticket } from './state/records.js';
import type { State } from './state/state.js';
import type { StateReads } from './state/state-reads.js';

/** Who breaks a lease, and why. Null means someone with the admin key. */
export interface Breaker {
  readonly brokenBy: UserId | null;
  readonly reason: string;
}

/**
 * One step in progress. The rules read `state` and decide. The transition applies what they decide, and records the changes,
 * events and answers. A command can have several effects: ending a session ends its leases, and each of their locks is handed
 * over. All of them are part of one step.
 */
export class Transition {
  readonly changes: Change[] = [];
  readonly settlements: Settlement[] = [];
  readonly #state: State;
  readonly #reports: Reports;
  /** How many more tickets this step may serve. */
  #servesLeft = GRANTS_PER_STEP_MAX;

  constructor(
    state: State,
    readonly now: Instant,
    readonly quotas: Quotas,
  ) {
    this.#state = state;
    this.#reports = new Reports(state.numbers, now);
  }

  /** The state, including the changes that this step has already made. */
  get state(): StateReads {
    return this.#state;
  }

  get events(): readonly ReportedEvent[] {
    return this.#reports.events;
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
      terms: this.#termsFor(request),
    };
    this.#change({ kind: 'lease_granted', lease });
    this.#reports.add('acquired', lease);
    return lease;
  }

  renew(held: Lease, ttlSeconds: number): Lease {
    const lease: Lease = { ...held, ttlSeconds, deadline: afterSeconds(this.now, ttlSeconds) };
    this.#change({ kind: 'lease_extended', lease });
    this.#reports.add('renewed', lease);
    return lease;
  }

  /** Changes how the lease holds its locks. It stays the same lease, with the same token. */
  convert(from: Lease, terms: LeaseTerms): Lease {
    const to: Lease = { ...from, terms };
    this.#change({ kind: 'lease_converted', from, to });
    this.#reports.add('renewed', to);
    return to;
  }

  /** Makes the lease hold one of its locks exclusively. From now on its token is higher than those of all who shared the lock. */
  claim(from: Lease, lockName: LockName): Lease {
    const fencingToken = this.#state.numbers.nextFencingToken();
    const to: Lease = { ...from, fencingToken, terms: termsWithHold(from, lockName, EXCLUSIVE) };
    this.#change({ kind: 'lease_converted', from, to });
    this.#reports.add('released', from);
    this.#reports.add('acquired', to);
    return to;
  }

  endLease(lease: Lease, how: 'released' | 'expired'): void {
    this.#end(lease);
    this.#reports.add(how, lease);
  }

  breakLease(lease: Lease, { brokenBy, reason }: Breaker): void {
    this.#end(lease);
    this.#change({ kind: 'broken_lease_saved', broken: brokenLease(lease, { brokenBy, reason }, this.now) });
    this.#reports.addBreak(lease, brokenBy, reason);
  }

  forgetBroken(broken: BrokenLease): void {
    this.#change({ kind: 'broken_lease_forgotten', broken });
  }

  /** Keeps locks of a lease that has ended from everyone. */
  beginCooling({ holder, fencingToken }: Lease, lockNames: readonly LockName[], until: Instant): void {
    const { userId } = holder;
    for (const lockName of lockNames) {
      this.#change({ kind: 'cooling_began', cooling: { lockName, userId, fencingToken, until } });
    }
  }

  endCooling(cooling: Cooling): void {
    this.#change({ kind: 'cooling_ended', cooling });
  }

  /** @param first the lease of the lock that was granted first. */
  requestRelease(first: Lease, { lockName, requestedBy, message }: RequestRelease): void {
    const through = this.#state.lastFencingToken;
    this.#state.requestRelease(lockName, { requestedBy, message, at: this.now, through });
    this.#reports.addReleaseRequest(first, lockName, requestedBy, message);
  }

  warn({ lockName, lease, warning }: Warn): void {
    this.#reports.addWarning(lockName, lease, warning);
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

  #termsFor({ wants, cooling }: AcquireRequest): LeaseTerms {
    const [{ lockName, demand }, ...others] = wants;
    if (demand.mode === 'exclusive' && others.length === 0 && cooling === NO_COOLING) return USUAL_TERMS;
    const held = others.map((want): HeldLock => {
      return { lockName: want.lockName, hold: this.#holdFor(want.lockName, want.demand) };
    });
    const { lockDelaySeconds, minHoldSeconds } = cooling;
    const keptUntil = minHoldSeconds === 0 ? null : afterSeconds(this.now, minHoldSeconds);
    return leaseTerms({ hold: this.#holdFor(lockName, demand), others: held, lockDelaySeconds, keptUntil });
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

  #end(lease: Lease): void {
    this.#change({ kind: 'lease_ended', lease });
  }

  #change(change: Change): void {
    this.#state.apply(change);
    this.changes.push(change);
  }
}

function brokenLease(lease: Lease, by: Breaker, brokenAt: Instant): BrokenLease {
  const { leaseId, holder, fencingToken } = lease;
  return { leaseId, userId: holder.userId, fencingToken, lockNames: lockNamesOf(lease), ...by, brokenAt };
}
