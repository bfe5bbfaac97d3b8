import type { Command, LeaseReference, Release, Renew, Sweep } from '../../../src/core/model/command.js';
import { locksOf, type Lease } from '../../../src/core/model/lease.js';
import type { AmbiguousLeaseId, LockNotFound, Outcome, OutcomeOf } from '../../../src/core/model/outcome.js';
import type { Quotas } from '../../../src/core/model/quotas.js';
import type { DurableState } from '../../../src/core/recovery.js';
import { acquire } from './model-acquire.js';
import { advanceFence, deleteFence } from './model-fences.js';
import { continueHandOver, endLease } from './model-hand-over.js';
import { endWait, giveUpPlace, leaveQueue, takeBack } from './model-line.js';
import { decideOnSession, endOverdue, endOverdueOf, expireSession } from './model-sessions.js';
import { instant, ModelState, type Choose, type Effects } from './model-state.js';

/**
 * The law, written a second time from the promises of the service and as plainly as possible: lists that are searched
 * from the front, and no index. Tests and proofs compare the service with it. A lock is whatever its leases say that it is;
 * `goTogether` alone decides which leases it can have at the same time.
 */
export class LawModel extends ModelState {
  /** The model of a state that was loaded. No one waits. */
  static of(durable: DurableState, options: Quotas): LawModel {
    const model = new LawModel(options);
    model.leases = [...durable.leases];
    model.sessions = [...durable.sessions];
    model.fences = [...durable.fences];
    model.lastToken = durable.lastFencingToken;
    model.lastSequence = durable.lastSequence;
    return model;
  }

  clone(): LawModel {
    const copy = new LawModel(this.options);
    copy.leases = [...this.leases];
    copy.sessions = [...this.sessions];
    copy.fences = [...this.fences];
    copy.tickets = [...this.tickets];
    copy.unfinished = [...this.unfinished];
    copy.lastToken = this.lastToken;
    copy.lastSequence = this.lastSequence;
    copy.lastArrival = this.lastArrival;
    copy.lastSilence = this.lastSilence;
    return copy;
  }

  apply(command: Command, now: number, choose: Choose): Effects {
    this.now = now;
    this.served = 0;
    this.events = [];
    this.answers = new Map();
    this.choose = choose;
    const outcome = this.#decide(command);
    return { outcome, events: this.events, answers: this.answers };
  }

  /** A restart: no one waits, no place is kept, and leases and sessions that are alive get time to renew. */
  restart(now: number, graceSeconds: number): void {
    const graced = <T extends { deadline: number; ttlSeconds: number }>(item: T): T => {
      if (item.deadline < now) return item;
      const grace = now + 1000 * Math.min(item.ttlSeconds, graceSeconds);
      return { ...item, deadline: Math.min(Math.max(item.deadline, grace), now + 1000 * item.ttlSeconds) };
    };
    this.tickets = [];
    this.unfinished = [];
    this.lastArrival = 0;
    this.leases = this.leases.map(graced);
    this.sessions = this.sessions.map((session) => (session.state === 'active' ? graced(session) : session));
  }

  #decide(command: Command): Outcome {
    switch (command.kind) {
      case 'acquire':
        return acquire(this, command.request, command.wait);
      case 'release':
        return this.#release(command);
      case 'renew':
        return this.#renew(command);
      case 'leave_queue':
        return leaveQueue(this, command);
      case 'give_up_place':
        return giveUpPlace(this, command);
      case 'take_back':
        return takeBack(this, command);
      case 'advance_fence':
        return advanceFence(this, command);
      case 'delete_fence':
        return deleteFence(this, command);
      case 'sweep':
        return this.#sweep(command);
      default:
        return decideOnSession(this, command);
    }
  }

  #release(command: Release): OutcomeOf<Release> {
    const own = this.#own(command);
    if (own.kind !== 'found') return own;
    endLease(this, own.lease, 'released');
    return { kind: 'released' };
  }

  #renew(command: Renew): OutcomeOf<Renew> {
    const own = this.#own(command);
    if (own.kind !== 'found') return own;
    const { lease } = own;
    if (this.numbersLeft < locksOf(lease).length) return { kind: 'numbers_exhausted' };
    const { ttlSeconds } = command;
    const renewed = { ...lease, ttlSeconds, deadline: instant(this.now + 1000 * ttlSeconds) };
    this.leases = this.leases.map((other) => (other === lease ? renewed : other));
    this.report('renewed', renewed);
    return { kind: 'renewed', lease: renewed };
  }

  /** The lease that the command names: by one of its locks, or by its id alone. */
  #own({
    lockName,
    userId,
    leaseId,
  }: LeaseReference): { kind: 'found'; lease: Lease } | LockNotFound | AmbiguousLeaseId {
    const isOwn = (lease: Lease): boolean => lease.leaseId === leaseId && lease.holder.userId === userId;
    const all = (): Lease[] => this.leases.filter(isOwn);
    if (lockName === null) endOverdueOf(this, all);
    else endOverdue(this, lockName);
    const found = lockName === null ? all() : this.leasesOf(lockName).filter(isOwn);
    const [lease] = found;
    if (lease === undefined) return { kind: 'lock_not_found' };
    return lockName === null && found.length > 1 ? { kind: 'ambiguous_lease_id' } : { kind: 'found', lease };
  }

  #sweep({ limit }: Sweep): OutcomeOf<Sweep> {
    continueHandOver(this);
    for (let ended = 0; ended < limit; ended += 1) this.#endOneDue();
    return { kind: 'swept', more: this.unfinished.length > 0 || this.due().length > 0 };
  }

  #endOneDue(): void {
    const due = this.due();
    const earliest = Math.min(...due.map(({ deadline }) => deadline));
    const chosen = this.first(due.filter(({ deadline }) => deadline === earliest));
    if (chosen === undefined) return;
    if ('lease' in chosen) endLease(this, chosen.lease, 'expired');
    else if ('ticketId' in chosen) endWait(this, chosen);
    else if (chosen.session.state === 'active') expireSession(this, chosen.session);
    else this.sessions = this.sessions.filter((session) => session !== chosen.session);
  }
}
