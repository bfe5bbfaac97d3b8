import type { Command, Release, Renew, Sweep, Warn } from '../../../src/core/model/command.js';
import { locksOf } from '../../../src/core/model/lease.js';
import type { Outcome, OutcomeOf } from '../../../src/core/model/outcome.js';
import type { Quotas } from '../../../src/core/model/quotas.js';
import type { DurableState } from '../../../src/core/recovery.js';
import { acquire } from './model-acquire.js';
import { breakLock } from './model-break.js';
import { convert } from './model-convert.js';
import { advanceFence, deleteFence } from './model-fences.js';
import { continueHandOver, endCooling, endLease } from './model-hand-over.js';
import { endWait, giveUpPlace, leaveQueue, takeBack } from './model-line.js';
import { ownLease } from './model-own.js';
import { releaseRequestFor, requestRelease } from './model-release-request.js';
import { decideOnSession, expireSession } from './model-sessions.js';
import { instant, ModelState, type Choose, type Effects } from './model-state.js';

/** No lock cools for longer than the longest lease lasts. */
const COOLING_MAX_MS = 3_600_000;

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
    model.coolings = [...durable.coolings];
    model.brokenLeases = [...durable.brokenLeases];
    model.fences = [...durable.fences];
    model.lastToken = durable.lastFencingToken;
    model.lastSequence = durable.lastSequence;
    return model;
  }

  clone(): LawModel {
    const copy = new LawModel(this.options);
    copy.leases = [...this.leases];
    copy.sessions = [...this.sessions];
    copy.coolings = [...this.coolings];
    copy.brokenLeases = [...this.brokenLeases];
    copy.releaseRequests = new Map(this.releaseRequests);
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

  /**
   * A restart: no one waits, no place is kept, and no request to release. Leases and sessions that are alive get time to renew.
   * Locks cool on, but for no longer than any lock can.
   */
  restart(now: number, graceSeconds: number): void {
    const graced = <T extends { deadline: number; ttlSeconds: number }>(item: T): T => {
      if (item.deadline < now) return item;
      const grace = now + 1000 * Math.min(item.ttlSeconds, graceSeconds);
      return { ...item, deadline: Math.min(Math.max(item.deadline, grace), now + 1000 * item.ttlSeconds) };
    };
    this.tickets = [];
    this.unfinished = [];
    this.lastArrival = 0;
    this.releaseRequests = new Map();
    this.coolings = this.coolings.map((cooling) => ({
      ...cooling,
      until: instant(Math.min(cooling.until, now + COOLING_MAX_MS)),
    }));
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
      case 'convert':
        return convert(this, command);
      case 'break':
        return breakLock(this, command);
      case 'request_release':
        return requestRelease(this, command);
      case 'warn':
        return this.#warn(command);
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

  #warn({ lockName, lease, warning }: Warn): OutcomeOf<Warn> {
    if (this.numbersLeft < 1) return { kind: 'numbers_exhausted' };
    const { fencingToken, hold, leaseLocks } = lease;
    this.lastSequence += 1;
    const actor = { kind: 'service' } as const;
    const text = JSON.stringify(warning);
    this.events.push({ type: 'warning', actor, lockName, fencingToken, hold, leaseLocks, text });
    return { kind: 'warned' };
  }

  #release(command: Release): OutcomeOf<Release> {
    const own = ownLease(this, command);
    if (own.kind !== 'found') return own;
    endLease(this, own.lease, 'released');
    return { kind: 'released' };
  }

  #renew(command: Renew): OutcomeOf<Renew> {
    const own = ownLease(this, command);
    if (own.kind !== 'found') return own;
    const { lease } = own;
    if (this.numbersLeft < locksOf(lease).length) return { kind: 'numbers_exhausted' };
    const { ttlSeconds } = command;
    const renewed = { ...lease, ttlSeconds, deadline: instant(this.now + 1000 * ttlSeconds) };
    this.leases = this.leases.map((other) => (other === lease ? renewed : other));
    this.report('renewed', renewed);
    return { kind: 'renewed', lease: renewed, releaseRequest: releaseRequestFor(this, renewed) };
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
    else if ('cooling' in chosen) endCooling(this, chosen.cooling.lockName);
    else if ('broken' in chosen)
      this.brokenLeases = this.brokenLeases.filter((other) => other !== chosen.broken);
    else if (chosen.session.state === 'active') expireSession(this, chosen.session);
    else this.sessions = this.sessions.filter((session) => session !== chosen.session);
  }
}
